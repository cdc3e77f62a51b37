# SPDX-License-Identifier: Apache-2.0
"""Many inferences of one `serve`, of changing lengths, with parties lost and found meanwhile.

tools/check soak runs it for MPCC_SOAK inferences: every answer is right, and memory and descriptors
of no party grow.
"""

import argparse
import json
import os
import pathlib
import random
import tempfile
import time
from typing import NamedTuple

import numpy as np

from tools.lib import private_run
from tools.lib.kills import questions
from tools.lib.parties import LINKS, Parties, Process
from tools.lib.wire_tap import WireTap
from tools.models import registry

# Of memory, in bytes. Allocators keep what they had at the most, which threads come to by and by.
_GROWTH = 4 << 20


class Use(NamedTuple):
    """What a process holds: bytes of memory that are no file, descriptors, threads."""

    memory: int
    descriptors: int
    threads: int


def _use_of(process: Process) -> Use:
    """What a process holds now."""
    own = pathlib.Path(f"/proc/{process.pid}")
    status = dict(line.split(":", 1) for line in (own / "status").read_text().splitlines())
    return Use(int(status["RssAnon"].split()[0]) * 1024, len(os.listdir(own / "fd")),
               int(status["Threads"]))


def use_of(process: Process, samples: int = 20) -> Use:
    """What a process keeps: the least within two seconds. A thread that ends soon is no growth."""
    uses = []
    for _ in range(samples):
        uses.append(_use_of(process))
        time.sleep(0.1)
    return Use(*map(min, zip(*uses, strict=True)))


class Soak:
    """Three parties that serve, and what went wrong."""

    def __init__(self, model: pathlib.Path, folder: pathlib.Path, seed: int):
        self._plans = private_run.compile_model(model, folder / "plans", "8,16").plans
        self._asked = questions(range(3, 17))
        self._right = private_run.verify_model(model, [{"input_ids": row} for row in self._asked],
                                               "8,16")
        self._parties, self._random = Parties(self._plans, folder), random.Random(seed)
        self._tap = WireTap(self._parties)
        self._processes = [self._start(role) for role in range(3)]
        self._line()  # that they are ready
        self.answers = self.errors = self.cuts = self.kills = 0
        self.faults: list[str] = []

    def ask(self, count: int, every: int, kills: bool) -> None:
        """Asks until `count` are answered; a link is cut every so often, or P0 or P2 killed."""
        for i in range(count):
            if i % every == every - 1:
                self._lose(kills and i % (3 * every) == every - 1)
            while not self._answered(self._random.randrange(len(self._asked))):
                pass

    def uses(self) -> list[Use]:
        """What the parties hold, between two questions and with all links."""
        answers, errors = self.answers, self.errors
        for _ in range(8):  # more than was dealt ahead: whoever lost a link has found it again
            while not self._answered(0):
                pass
        self.answers, self.errors = answers, errors
        return [use_of(process) for process in self._processes]

    def end(self) -> None:
        """P1 asks no more: all end well."""
        stdin = self._processes[1].stdin
        assert stdin
        stdin.close()
        for role, process in enumerate(self._processes):
            if process.wait(timeout=60):
                self.faults.append(f"P{role} ended with {process.returncode}")
        self._tap.close()

    def _start(self, role: int) -> Process:
        pipes = {"stdin": -1, "stdout": -1} if role == 1 else {}
        return self._parties.start(role, "serve", "--reconnect", "120", "--dumpable", **pipes)

    def _line(self) -> dict:
        stdout = self._processes[1].stdout
        assert stdout
        return json.loads(stdout.readline())

    def _answered(self, question: int) -> bool:
        stdin = self._processes[1].stdin
        assert stdin
        stdin.write(json.dumps({"input_ids": self._asked[question]}) + "\n")
        stdin.flush()
        answer = self._line()
        if "outputs" not in answer:
            self.errors += 1
            return False
        self.answers += 1
        [output] = answer["outputs"].values()
        if not np.array_equal(np.ravel(output["values"]), self._right[question]):
            self.faults.append(f"question {question}: a wrong answer")
        return True

    def _lose(self, killed: bool) -> None:
        if not killed:
            self.cuts += self._tap.cut(self._random.choice(LINKS))
            return
        role = self._random.choice([0, 2])
        self._processes[role].kill()
        self._processes[role].wait()
        self.kills += 1
        self._processes[role] = self._start(role)


def soak(model: pathlib.Path, folder: pathlib.Path, count: int, seed: int = 1) -> Soak:
    """A third of the inferences with kills and cuts, two with cuts alone, the last one measured."""
    one, every, third = Soak(model, folder, seed), max(count // 100, 5), count // 3
    one.ask(third, every, kills=True)
    after_kills = one.uses()
    one.ask(third, every, kills=False)
    before = one.uses()
    one.ask(count - 2 * third, every, kills=False)
    after = one.uses()
    one.end()
    for role, uses in enumerate(zip(after_kills, before, after, strict=True)):
        print(f"P{role}: " + ", then ".join(
            f"{use.memory / 1e6:.1f} MB, {use.descriptors} descriptors, {use.threads} threads"
            for use in uses))
        _, old, new = uses
        if new.memory > old.memory + _GROWTH:
            one.faults.append(f"P{role} grew from {old.memory} to {new.memory} bytes")
        if new.descriptors > old.descriptors or new.threads > old.threads:
            one.faults.append(f"P{role} holds {new} after {old}")
    return one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inferences", type=int, default=2000)
    options = parser.parse_args()
    model = registry.make("bert-test-w1a4", private_run.ROOT / ".cache/models")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = soak(model, pathlib.Path(folder), options.inferences)
    print(f"{done.answers} right answers, {done.errors} errors, {done.cuts} links cut, "
          f"{done.kills} parties killed, {time.monotonic() - start:.0f} s")
    for fault in done.faults:
        print(f"fault: {fault}")
    raise SystemExit(bool(done.faults))


if __name__ == "__main__":
    main()
