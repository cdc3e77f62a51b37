# SPDX-License-Identifier: Apache-2.0
"""The three parties, each in a process of its own, over mutual TLS."""

import contextlib
import datetime
import os
import pathlib
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _runtime, errors
from ._answers import Answer, Asker, arrays_of
from ._text import Tokenizer, tokenizer_in, tokenizer_of
from ._waiting import Progress, interruptible, log

_PING_SECONDS = 2.0  # peers that are silent for long are taken for dead


def _three_of(peers: str | Sequence[str], order: Sequence[int]) -> list[str]:
    addresses = peers.split(",") if isinstance(peers, str) else list(peers)
    if len(addresses) != 3 or sorted(order) != [0, 1, 2]:
        raise errors.InvalidArgument(
            f"peers={','.join(addresses)} and listening_order={list(order)}; there are three "
            "parties, 0, 1 and 2: name each once")
    return addresses


class _Party:
    """What a party is made of.

    plan: the file of this party's plan.
    peers: "host:port" of P0, P1 and P2, as a list or separated by commas.
    keys: a folder as `mpcc.keygen` makes it (ca.crt, party<i>.crt, party<i>.key).
    state: the folder of seeds, shares and used numbers. Never copy it or bring an old one back.
    listen: "host:port" to listen at, this party's address in `peers` if not given.
    listening_order: of two parties the first one here listens; the same at all parties.
    timeout: seconds for all peers to be there. peer_timeout: seconds of silence after which a peer
        is taken for dead. reconnect: seconds to wait for one that was lost, in `serve` of P0, P2.
    insecure: plain TCP on one machine, for tests.
    threads: that compute together; 0 for half of the processors. Answers are the same.
    show_progress_bar: what takes more than two seconds is shown on a terminal and in notebooks;
        True: anywhere and at once, False: never.
    """

    _party: int
    _runtime_class: Any

    def __init__(self, plan: str | os.PathLike, *, peers: str | Sequence[str],
                 state: str | os.PathLike, keys: str | os.PathLike | None = None,
                 listen: str = "", listening_order: Sequence[int] = (0, 1, 2),
                 timeout: float = 30, peer_timeout: float = 60, reconnect: float = 300,
                 insecure: bool = False, max_inferences: int = 0, material_window: int = 0,
                 threads: int = 0, show_progress_bar: bool | None = None):
        if (keys is None) != insecure:
            raise errors.InvalidArgument("a party needs keys=, a folder as mpcc.keygen makes it, "
                                         "or insecure=True for tests on one machine")
        folder = pathlib.Path(keys or ".")
        files = ["ca.crt", f"party{self._party}.crt", f"party{self._party}.key"]
        ca, certificate, key = ["" if insecure else str(folder / name) for name in files]
        self._stop = _runtime.Stop()
        self._progress = Progress(show_progress_bar)
        self._network = _runtime.Network()
        self._network.addresses = _three_of(peers, listening_order)
        self._network.ca_certificate = ca
        self._network.certificate = certificate
        self._network.private_key = key
        self._network.insecure = insecure
        self._network.listen = listen
        self._network.listening_order = list(listening_order)
        self._network.timeout = datetime.timedelta(seconds=timeout)
        self._network.peer_timeout = datetime.timedelta(seconds=peer_timeout)
        self._network.reconnect = datetime.timedelta(seconds=reconnect)
        self._network.attend(self._stop, log, self._progress.tell)
        self.plan = _runtime.Plan.open(os.fspath(plan))
        config = _runtime.PartyConfig(self.plan, os.fspath(state))
        config.max_inferences = max_inferences
        config.material_window = material_window
        config.threads = threads
        config.attend(self._stop, log, self._progress.tell)
        self._owner = self._runtime_class.create(config)

    def stop(self) -> None:
        """Ends what this party does, from any thread: its peers are told, its call raises."""
        self._stop.request()

    def _wait(self, call: Any, *arguments: Any) -> Any:
        return interruptible(self._stop, call, *arguments, progress=self._progress)

    def close(self) -> None:
        """Ends what this party does, and lets its state go."""
        self.stop()
        self._owner = None

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ModelOwner(_Party):
    """P0: has the model, deals what the others need, takes no part in an inference.

    `max_inferences`: `serve` deals for so many of one set-up; 0 for as many as asked for.
    """

    _party = 0
    _runtime_class = _runtime.ModelOwner

    def set_up(self, renew: bool = False) -> None:
        """Once, with set_up of the others at the same time. FailedPrecondition without `renew`
        where the state is of another plan."""
        self._wait(self._owner.set_up, self._network, renew)

    def deal(self, count: int, program: int = 0) -> None:
        """Puts material for `count` inferences of a program into P2's store, which calls store."""
        self._wait(self._owner.deal, self._network, program, count)

    def serve(self, renew: bool = False) -> None:
        """Sets up if needed, then deals what P2 asks for until P1 ends. The others serve too."""
        self._wait(self._owner.serve, self._network, renew)


class Assistant(_Party):
    """P2: keeps material and computes with P1.

    `material_window`: bytes of material held in memory, 0 for what 256 MB leave.
    """

    _party = 2
    _runtime_class = _runtime.Assistant

    def set_up(self) -> None:
        """Once, with set_up of the others at the same time."""
        self._wait(self._owner.set_up, self._network)

    def store(self) -> None:
        """Stores what P0 deals."""
        self._wait(self._owner.store, self._network)

    def assist(self) -> None:
        """Takes part in P1's inferences (stored=True there) with material from the store."""
        self._wait(self._owner.assist, self._network)

    def serve(self) -> None:
        """Sets up if needed, then takes part in P1's inferences until it ends."""
        self._wait(self._owner.serve, self._network)


class DataOwner(_Party, Asker):
    """P1: gives inputs, gets answers. Asks in a `with` block, which begins a session.

    tokenizer: what texts go through, the one in the plan if not given. stored: inferences with
        material from P2's store, which assists, P0 away; otherwise P0 and P2 serve at the same
        time, set-up if needed.
    """

    _party = 1
    _runtime_class = _runtime.DataOwner

    def __init__(self, plan: str | os.PathLike, *, peers: str | Sequence[str],
                 state: str | os.PathLike,
                 tokenizer: Tokenizer | str | os.PathLike | None = None, stored: bool = False,
                 **options: Any):
        super().__init__(plan, peers=peers, state=state, **options)
        self.tokenizer = tokenizer_of(tokenizer) or tokenizer_in(self.plan)
        self._stored = stored
        self._session: _runtime.InferenceSession | None = None
        self._asking = threading.Lock()
        self._quiet = threading.Event()

    def set_up(self) -> None:
        """Once, with set_up of the others at the same time; needed only before stored=True."""
        self._wait(self._owner.set_up, self._network)

    @property
    def longest(self) -> int:
        return self.plan.programs[-1].sequence_length

    def _begin(self) -> _runtime.InferenceSession:
        if self._stored:
            return self._owner.start(*_runtime.connect(1, [2], self._network))
        return self._owner.serve(*_runtime.connect(1, [0, 2], self._network))

    def __enter__(self) -> "DataOwner":
        try:
            self._session = self._wait(self._begin)
            threading.Thread(target=self._ping, daemon=True).start()
        except BaseException:
            self.close()
            raise
        return self

    def _ping(self) -> None:
        while not self._quiet.wait(_PING_SECONDS):
            with self._asking:
                if self._session is None:
                    return
                try:
                    self._session.ping()
                except errors.Error as error:  # told by the next question
                    log("warning", str(error))
                    return

    def infer(self, inputs: Mapping[str, Sequence[int] | np.ndarray]) -> Answer:
        with self._asking:
            if self._session is None:
                raise errors.FailedPrecondition("ask inside of 'with', which begins a session")
            return Answer(*self._wait(self._session.infer, arrays_of(inputs)))

    def close(self) -> None:
        self._quiet.set()
        with self._asking:
            session, self._session = self._session, None
        try:
            if session is not None and self._stop.requested:
                with contextlib.suppress(errors.Error):
                    session.ping()  # which tells P2, if no question did, that this party stops
            elif session is not None:
                session.end()
        finally:
            if session is not None:
                session.close()
            super().close()

    def __exit__(self, *raised: object) -> None:
        try:
            self.close()
        except errors.Error:
            if raised[0] is None:
                raise
