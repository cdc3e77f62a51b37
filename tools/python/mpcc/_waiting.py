# SPDX-License-Identifier: Apache-2.0
"""Long calls into the runtime, which Ctrl-C ends at all parties."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from . import _runtime

T = TypeVar("T")
_LOG = logging.getLogger("mpcc")


def log(level: str, line: str) -> None:
    """Where the runtime's lines go: the logger `mpcc`."""
    _LOG.log(logging.WARNING if level == "warning" else logging.INFO, line)


def interruptible(stop: _runtime.Stop, call: Callable[..., T], *arguments: Any) -> T:
    """What `call` returns or raises.

    It runs on a thread of its own while this one waits for signals. An interrupt asks it to stop,
    which tells the peers, waits for that, and goes on as the interrupt: whoever catches it finds no
    call under way. A second one does not wait.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []
    done = threading.Event()
    first = threading.Lock()  # of whoever has it: the thread, which calls, or an interrupt before

    def run() -> None:
        if not first.acquire(blocking=False):
            return
        try:
            outcome.append(call(*arguments))
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    try:
        threading.Thread(target=run, daemon=True).start()
        done.wait()
    except BaseException:
        stop.request()
        if not first.acquire(blocking=False):
            done.wait()
        raise
    if failure:
        raise failure[0]
    return outcome[0]
