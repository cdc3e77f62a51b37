# SPDX-License-Identifier: Apache-2.0
"""The three parties on this machine: P0 and P2 as processes beside this one, which is P1."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

from . import errors
from ._options import in_python
from ._parties import DataOwner
from ._plans import Plans, keygen, load
from ._programs import FOLDER
from ._text import Tokenizer

_GRACE_SECONDS = 10.0


def _free_peers() -> list[str]:
    """Two ports that were free a moment ago; P2 never listens."""
    with socket.socket() as first, socket.socket() as second:
        for one in (first, second):
            one.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{one.getsockname()[1]}" for one in (first, second)] + ["127.0.0.1:1"]


class _Process:
    """P0 or P2. It is out of reach of the terminal's Ctrl-C: P1 tells it."""

    def __init__(self, party: int, plans: Plans, peers: list[str], keys: pathlib.Path,
                 state: pathlib.Path, threads: int):
        self.party = party
        self._messages = (state / f"party{party}.log").open("w+", encoding="utf-8")
        command: list[str | os.PathLike] = [
            FOLDER / "mpcc-party", "--role", str(party), "--plan", plans.path(party), "--peers",
            ",".join(peers), "--state", state / f"state{party}", "--ca", keys / "ca.crt", "--cert",
            keys / f"party{party}.crt", "--key", keys / f"party{party}.key", "--log", "warning",
            "--threads", str(threads), "serve", "--reconnect", "0"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=self._messages,
                                         process_group=0)

    def ended(self, until: float) -> bool:
        """Whether it has, by then."""
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def failure(self) -> str:
        """What went wrong, once the process has ended."""
        code = self._process.wait()
        self._messages.seek(0)
        text = self._messages.read().strip()
        self._messages.close()
        return in_python(f"P{self.party} ended with exit code {code}: {text}") if code else ""


def _end(children: list[_Process]) -> list[str]:
    """What went wrong at which, once all have ended; those that do not are made to."""
    try:
        for more in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + _GRACE_SECONDS
            for child in [child for child in children if not child.ended(until)]:
                child.send_signal(more)
    except BaseException:  # an interrupt of this wait
        for child in children:
            child.send_signal(signal.SIGKILL)
        raise
    return [text for child in children if (text := child.failure())]


@contextlib.contextmanager
def _processes(plans: Plans, peers: list[str], keys: pathlib.Path,
               state: pathlib.Path, threads: int) -> Iterator[None]:
    children: list[_Process] = []
    try:
        for party in (0, 2):
            children.append(_Process(party, plans, peers, keys, state, threads))
        yield
    except errors.Error as error:
        raise type(error)("\n".join([str(error), *_end(children)])) from error
    except BaseException:  # P1 may not have met them yet, who could tell them
        for child in children:
            child.send_signal(signal.SIGTERM)
        _end(children)
        raise
    if failures := _end(children):
        raise errors.Unavailable("\n".join(failures))


@contextlib.contextmanager
def local(plans: Plans | str | os.PathLike, *,
          tokenizer: Tokenizer | str | os.PathLike | None = None,
          state: str | os.PathLike | None = None, threads: int = 1,
          show_progress_bar: bool | None = None) -> Iterator[DataOwner]:
    """The data owner of three parties on this machine, which talk over mutual TLS on loopback.

    P0 and P2 are processes of their own. Certificates are made for the occasion, and so is the
    parties' state unless `state` names a folder that keeps it, so that the next time needs no
    set-up. Each party computes with `threads` threads. `tokenizer` is the one that the plans were
    compiled with if not given; `show_progress_bar` is as of `DataOwner`. Raises the error of the
    party that failed, with the other parties' words.
    """
    plans = plans if isinstance(plans, Plans) else load(plans)
    with tempfile.TemporaryDirectory(prefix="mpcc-local-") as scratch:
        keys = keygen(pathlib.Path(scratch) / "keys")
        folder = pathlib.Path(state or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        peers = _free_peers()
        with (_processes(plans, peers, keys, folder, threads),
              DataOwner(plans.path(1), peers=peers, keys=keys, state=folder / "state1",
                        tokenizer=tokenizer, threads=threads,
                        show_progress_bar=show_progress_bar) as owner):
            yield owner
