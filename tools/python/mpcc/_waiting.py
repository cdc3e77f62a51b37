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
    which tells the peers, waits for that, and goes on as the interrupt.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            outcome.append(call(*arguments))
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        done.wait()
    except BaseException:
        stop.request()
        done.wait()
        raise
    if failure:
        raise failure[0]
    return outcome[0]
