# SPDX-License-Identifier: Apache-2.0
"""Long calls: into the runtime or of a program, shown while they last, which Ctrl-C ends."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
_LOG = logging.getLogger("mpcc")
_QUIET_SECONDS = 2.0
_BETWEEN_SECONDS = 0.2
_NOTHING = ("", 0.0, 0.0, "")


def log(level: str, line: str) -> None:
    """Where the runtime's lines go: the logger `mpcc`."""
    _LOG.log(logging.WARNING if level == "warning" else logging.INFO, line)


class Stops(Protocol):
    """What can be asked to end."""

    def request(self) -> None: ...


class Progress:
    """What is under way, as a bar on a terminal and in notebooks.

    `show`: None for there alone, and after two seconds; True for anywhere and at once; False for
    never.
    """

    def __init__(self, show: bool | None = None):
        self._show = show
        self._told: tuple[str, float, float, str] = _NOTHING
        self._last, self._drawn = _NOTHING, ""
        self._what, self._since = "", 0.0
        self._shown: tuple[str, float] = ("", 0)
        self._bar: Any = None

    def tell(self, what: str, done: float, all: float, unit: str) -> None:
        """From any thread, as of the runtime's ProgressSink; nothing is drawn here."""
        self._told = (what, done, all, unit)
        if what:
            self._last = self._told

    def draw(self) -> None:
        """Draws what was told last, on the thread that waits."""
        what, done, whole, unit = self._told
        if what != self._what:
            self._what, self._since = what, time.monotonic()
        if (what, whole) != self._shown:
            self.close()
        if not what or self._show is False:
            return
        if self._bar is None and (self._show
                                  or time.monotonic() - self._since >= _QUIET_SECONDS):
            self._bar, self._shown = self._open(what, whole, unit), (what, whole)
        if self._bar is not None:
            self._drawn = what
            self._bar.n = done
            self._bar.refresh()

    def _open(self, what: str, whole: float, unit: str) -> Any:
        from tqdm.auto import tqdm

        size = {"unit": "B", "unit_scale": True} if unit == "bytes" else {"unit": f" {unit}"}
        style = {} if whole else {"bar_format": "{desc}: {elapsed}"}
        return tqdm(desc=what, total=whole or None, leave=False,
                    disable=False if self._show else None, **size, **style)

    def end(self) -> None:
        """Of a call: what began and ended between two drawings is drawn once, if all is shown."""
        if self._show and self._last[0] != self._drawn:
            self._told = self._last
            self.draw()
        self.close()
        self._told, self._last, self._drawn = _NOTHING, _NOTHING, ""

    def close(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.close()
        self._bar, self._shown = None, ("", 0)


def interruptible(stop: Stops, call: Callable[..., T], *arguments: Any,
                  progress: Progress | None = None) -> T:
    """What `call` returns or raises.

    It runs on a thread of its own while this one waits for signals, and draws its progress. An
    interrupt asks it to stop, which tells the peers, waits for that, and goes on as the interrupt:
    whoever catches it finds no call under way. A second one does not wait.
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
        while not done.wait(_BETWEEN_SECONDS if progress else None):
            if progress:
                progress.draw()
    except BaseException:
        stop.request()
        if not first.acquire(blocking=False):
            done.wait()
        raise
    finally:
        if progress:
            progress.end()
    if failure:
        raise failure.pop()  # whose traceback names this list
    return outcome[0]
