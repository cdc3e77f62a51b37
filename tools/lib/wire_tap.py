# SPDX-License-Identifier: Apache-2.0
"""Stands between parties without TLS and records under which masks what was opened.

It reads frames, greetings and control messages (docs/wire-format.md), and of the parties' state
files the seeds, by which masks are told apart (docs/material-format.md). So it outlives any engine.
"""

import contextlib
import dataclasses
import hashlib
import itertools
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

from tools.lib.parties import LINKS, Parties

_RUN, _READY, _DEALT, _DONE, _FAILED, _PIECE, _LAST = 2, 3, 5, 8, 10, 12, 13  # control messages
_CONTROL_BYTES, _TEXT_AT = 256, 40
_SEED = {0: 64, 1: 64, 2: 96}  # where the state file of a party has the seed of what it sends
_SHOWN = 64  # bytes of a message that are compared of messages that were cut


@dataclasses.dataclass(frozen=True)
class Masks:
    """The masks of one direction of one inference: a seed (its hash), a program, a number."""

    sender: int
    seed: str
    program: int
    number: int


class Openings:
    """All that was ever sent under each mask: by masks and position, one value."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[Masks, tuple[object, dict[int, bytes]]] = {}
        self.faults: list[str] = []
        self.messages = 0

    @property
    def inferences(self) -> int:
        """Inferences in which P1 opened something."""
        return sum(masks.sender == 1 for masks in self._sent)

    def add(self, masks: Masks, session: object, position: int, message: bytes) -> None:
        """A message of a session; those of P1 and P2 may be sent in one session only."""
        with self._lock:
            first, before = self._sent.setdefault(masks, (session, {}))
            known = before.setdefault(position, message[:_SHOWN])
            length = min(len(known), len(message))
            two = known[:length] != message[:length]
            self.messages += 1
            if two or (masks.sender != 0 and first is not session):
                self.faults.append(f"{masks} at {position}: sent twice, "
                                   f"{'two values' if two else 'one value'}")


@dataclasses.dataclass
class _Control:
    kind: int
    program: int
    number: int
    size: int

    @staticmethod
    def of(frame: bytes) -> "_Control | None":
        """The control message that a frame is, if it is one."""
        if len(frame) != _CONTROL_BYTES:
            return None
        kind, program, number, size = struct.unpack_from("<IIQQ", frame)
        text = frame[_TEXT_AT:]
        said = any(text) if kind != _FAILED else text[-1] != 0
        return None if said or not 1 <= kind <= _LAST else _Control(kind, program, number, size)


class _Frames:
    """Bytes of one direction, cut into frames."""

    def __init__(self, sink: Callable[[bytes], None]):
        self._buffer, self._sink = bytearray(), sink

    def add(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:4], "little")
            if len(self._buffer) < 4 + size:
                return
            frame = bytes(self._buffer[4:4 + size])
            del self._buffer[:4 + size]
            if frame:
                self._sink(frame)

    def end(self) -> None:
        """What was cut counts as sent."""
        if len(self._buffer) > 4:
            self._sink(bytes(self._buffer[4:]))


class _Link:
    """A connection of two parties, `ends` by direction: the one that connected first."""

    def __init__(self, tap: "WireTap", ends: tuple[int, int]):
        self.ends, self._tap = ends, tap
        self._sends: dict[int, tuple[Masks, object, Iterator[int]]] = {}  # by party, what it opens
        self._greetings = {role: 0 for role in ends}
        self._pieces = False  # the next frame of P0 is one
        self.sockets: tuple[socket.socket, ...] = ()
        self.over: dict[int, bool] = {role: False for role in ends}

    def frame(self, sender: int, frame: bytes) -> None:
        """Looks at a frame before it goes on."""
        if self._greetings[sender] < 3:  # greeting, that all are there, handshake
            self._greetings[sender] += 1
            return
        control = None if self._pieces else _Control.of(frame)
        self._pieces = False
        if control is None:
            self._record(sender, frame)
        elif control.kind == _READY and sender == 2:
            for role in self.ends:
                self._begin(role, control)
        elif control.kind == _DEALT and sender == 0:
            self._begin(0, control)
        elif control.kind == _DONE and sender != 1:
            self._sends.clear()
        self._pieces = control is not None and control.kind == _PIECE

    def _begin(self, role: int, control: _Control) -> None:
        masks = Masks(role, self._tap.seed(role), control.program, control.number)
        self._sends[role] = masks, object(), itertools.count()

    def _record(self, sender: int, frame: bytes) -> None:
        if sender in self._sends:
            masks, session, positions = self._sends[sender]
            self._tap.openings.add(masks, session, next(positions), frame)


class WireTap:
    """Between the parties from its making to `close`."""

    def __init__(self, parties: Parties):
        self.openings, self._parties = Openings(), parties
        self.carried = 0  # bytes so far
        self._links: list[_Link] = []
        self._listeners = []
        for connector, listener in LINKS:
            taking = socket.create_server(("127.0.0.1", 0), backlog=64)
            parties.reached[connector, listener] = taking.getsockname()[1]
            self._listeners.append(taking)
            threading.Thread(target=self._accept, args=(taking, (connector, listener)),
                             daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        for taking in self._listeners:
            with contextlib.suppress(OSError):
                taking.shutdown(socket.SHUT_RDWR)
            taking.close()

    def seed(self, role: int) -> str:
        """A name of the seed that a party's masks are drawn from now."""
        with (self._parties.state(role) / f"party{role}.state").open("rb") as file:
            head = file.read(128)
        return hashlib.sha256(head[_SEED[role]:_SEED[role] + 32]).hexdigest()[:16]

    def settle(self, role: int, seconds: float = 30) -> None:
        """Waits until all is seen that a party sent before it died."""
        deadline = time.monotonic() + seconds
        while any(not link.over[role] for link in self._links if role in link.ends):
            if time.monotonic() > deadline:
                raise TimeoutError(f"a connection of P{role} outlives it")
            time.sleep(0.001)
        self._links = [link for link in self._links if not all(link.over.values())]

    def cut(self, ends: tuple[int, int]) -> bool:
        """Breaks the connections of a link; whether there was one."""
        cut = [link for link in self._links if link.ends == ends and not all(link.over.values())]
        for link in cut:
            for one in link.sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        return bool(cut)

    def _accept(self, taking: socket.socket, ends: tuple[int, int]) -> None:
        while True:
            try:
                socket_, _ = taking.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(socket_, _Link(self, ends)),
                             daemon=True).start()

    def _carry(self, near: socket.socket, link: _Link) -> None:
        connector, listener = link.ends
        far = self._reach(near, listener)
        if far is None:
            near.close()
            return
        link.sockets = near, far
        self._links.append(link)
        there = threading.Thread(target=self._pump, args=(far, near, listener, link), daemon=True)
        there.start()
        self._pump(near, far, connector, link)
        there.join()
        near.close()
        far.close()

    def _reach(self, near: socket.socket, listener: int) -> socket.socket | None:
        """A connection to the listener, as soon as it listens; none when the caller went away."""
        gone = select.poll()
        gone.register(near, select.POLLRDHUP)
        while not gone.poll(5):
            with contextlib.suppress(OSError):
                far = socket.create_connection(("127.0.0.1", self._parties.listening[listener]))
                for one in (near, far):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return far
        return None

    def _pump(self, source: socket.socket, sink: socket.socket, sender: int, link: _Link) -> None:
        frames = _Frames(lambda frame: link.frame(sender, frame))
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 18):
                self.carried += len(data)
                frames.add(data)
                sink.sendall(data)
        frames.end()
        link.over[sender] = True
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
