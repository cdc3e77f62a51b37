# SPDX-License-Identifier: Apache-2.0
"""Three parties on this machine as processes, started and killed one by one, without TLS."""

import contextlib
import os
import pathlib
import random
import socket
import subprocess
from typing import IO, Any

from tools.lib.private_run import BIN

Process = subprocess.Popen[str]

# Who connects to whom: the first of a pair.
LINKS = ((1, 0), (2, 0), (2, 1))


def _first_of_outgoing() -> int:
    """The first port that the system gives to outgoing connections."""
    return int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that were free a moment ago, and that no outgoing connection takes: a
    party that is killed finds its own again."""
    end = _first_of_outgoing()
    candidates = random.sample(range(max(1024, end - 16384), end), 100 + count)
    with contextlib.ExitStack() as sockets:
        found = []
        for port in candidates:
            one = sockets.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                one.bind(("127.0.0.1", port))
                found.append(port)
            if len(found) == count:
                return found
    raise OSError(f"{count} free ports below {end} not found")


class Parties:
    """Folders and addresses of three parties with the plans of one folder."""

    def __init__(self, plans: pathlib.Path, folder: pathlib.Path):
        self.plans, self.folder = plans, folder
        self.listening = free_ports(2)  # of P0 and P1
        # By link, where the connecting party finds the other: somebody may stand between them.
        self.reached = {(a, b): self.listening[b] for a, b in LINKS}

    def state(self, role: int) -> pathlib.Path:
        """The party's state directory."""
        return self.folder / f"state{role}"

    def log(self, role: int) -> pathlib.Path:
        """All that its processes said."""
        return self.folder / f"party{role}.log"

    def _peers(self, role: int) -> str:
        ports = [*self.listening, 1]
        for peer in range(2):
            ports[peer] = self.reached.get((role, peer), ports[peer])
        return ",".join(f"127.0.0.1:{port}" for port in ports)

    def start(self, role: int, command: str, *options: str | os.PathLike,
              stdin: int | IO[Any] = subprocess.DEVNULL,
              stdout: int | IO[Any] = subprocess.DEVNULL) -> Process:
        """A party's process, whose messages go to its log."""
        with self.log(role).open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [BIN / "mpcc-party", "--role", str(role),
                 "--plan", self.plans / f"party{role}.plan", "--peers", self._peers(role),
                 "--state", self.state(role), "--insecure",
                 "--spin-us", "0", command, *options],
                text=True, stdin=stdin, stdout=stdout, stderr=log)

    def run(self, roles: list[int], command: str, *options: str | os.PathLike,
            of: int | None = None) -> None:
        """A command at several parties until all have done it; `options` are those of one party."""
        processes = [self.start(role, command, *(options if role == of else ())) for role in roles]
        for role, process in zip(roles, processes, strict=True):
            if process.wait(timeout=120):
                raise RuntimeError(f"P{role} {command}: {self.log(role).read_text()[-2000:]}")
