# SPDX-License-Identifier: Apache-2.0
"""Kills parties at random instants of all that they do, and looks whether a mask ever served twice.

tools/check kills runs it for MPCC_KILLS kills. What is planted makes parties forget which numbers
they spent: then it must find masks that serve twice.
"""

import argparse
import collections
import contextlib
import dataclasses
import itertools
import json
import pathlib
import random
import re
import signal
import tempfile
import time
from collections.abc import Iterable

import numpy as np

from tools.lib import private_run
from tools.lib.parties import Parties, Process
from tools.lib.wire_tap import Openings, WireTap
from tools.models import registry

_ROLES = {"setup": [0, 1, 2], "deal": [2, 0], "run": [2, 1], "serve": [0, 2, 1]}
_WHERE = re.compile(r"\[.*?\] |\S*:\d+\S*|\d{2,}|/\S+")  # what differs from one log to another
# What hangs: for so long nothing was sent and the processes wanted no processor worth the name,
# or they had it for so long without sending anything. A busy machine brings neither sooner.
_STILL_SECONDS, _SPUN_SECONDS = 150, 240
_IDLE = 0.05  # of a processor, what parties need to look for each other
_RECORD_BYTES = 16  # of the record of spent numbers (docs/material-format.md)


def questions(lengths: Iterable[int]) -> list[list[int]]:
    """Token ids, one question for each length."""
    return [[1 + (7 * length + 3 * i) % 90 for i in range(length)] for length in lengths]


@dataclasses.dataclass
class Result:
    """What was done and found."""

    kills: int = 0
    answers: int = 0
    by_command: dict[str, int] = dataclasses.field(default_factory=dict)
    faults: list[str] = dataclasses.field(default_factory=list)
    ends: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)


class Stillness:
    """Whether processes hang: they neither send nor compute, or compute and send nothing."""

    def __init__(self, processes: Iterable[Process], tap: WireTap):
        self._processes, self._tap, self._next_look = list(processes), tap, 0.0
        self._carried, self._still_since, self._ran, self._wanted = 0, 0.0, 0.0, 0.0
        self._begin()

    def over(self) -> bool:
        """Looks again, once a second at the most."""
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + 1
        if self._tap.carried != self._carried:
            self._begin()
        now, (ran, wanted) = time.monotonic(), self._times()
        # Whoever wants a processor and gets none is not still.
        if wanted - self._wanted > _IDLE * max(now - self._still_since, 10):
            self._still_since, self._wanted = now, wanted
        return now - self._still_since > _STILL_SECONDS or ran - self._ran > _SPUN_SECONDS

    def _begin(self) -> None:
        self._carried, self._still_since = self._tap.carried, time.monotonic()
        self._ran, self._wanted = self._times()

    def _times(self) -> tuple[float, float]:
        """Seconds that they had a processor, and those with the ones that they waited for it."""
        ran = waited = 0.0
        for process in self._processes:
            for task in pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError, ValueError):
                    had, stood, _ = task.read_text().split()
                    ran, waited = ran + int(had) / 1e9, waited + int(stood) / 1e9
        return ran, ran + waited


@dataclasses.dataclass
class _Started:
    """A party's process; at P1 which questions it has, and the files of them and of answers."""

    process: Process
    picked: list[int] = dataclasses.field(default_factory=list)
    asked: pathlib.Path | None = None
    answers: pathlib.Path | None = None


class Killer:
    """Episodes of commands in which parties are killed; `right` are the answers to `asked`."""

    def __init__(self, parties: Parties, asked: list[list[int]], right: np.ndarray, seed: int,
                 forgotten: int = 0):
        """`forgotten`: how many of its last records a party that forgets loses; -1 all it made."""
        self.parties, self.tap, self.result = parties, WireTap(parties), Result()
        self._asked, self._right, self._random = asked, right, random.Random(seed)
        self._forgotten = forgotten
        self._files = 0
        self._length = 8  # of the program that is dealt for
        self._typical: dict[str, float] = {}  # seconds of a command that nobody disturbs

    @property
    def openings(self) -> Openings:
        return self.tap.openings

    def calm(self) -> None:
        """Everything once without kills: it must work, and right."""
        for command in ("setup", "deal", "deal", "run", "serve"):
            self._length = 8 if self._length == 16 else 16
            start = time.monotonic()
            if failed := self._attempt(command, kills=0):
                self.result.faults.append(f"{command} without kills: {failed}")
            self._typical.setdefault(command, time.monotonic() - start)

    def episode(self) -> None:
        """One command with some kills."""
        command = self._random.choice(["setup", "deal", "run", "run", "serve", "serve"])
        if command == "run":  # it needs a stock
            for self._length in (8, 16):
                self._attempt("deal", kills=0)
        if failed := self._attempt(command, kills=self._random.choice([1, 1, 2, 4, 8])):
            self.result.ends[f"{command}: {_WHERE.sub('', failed)}"] += 1

    def forget(self) -> None:
        """Some questions; then all lose what they wrote last, as if they marked after use."""
        self._attempt("serve", kills=0)
        for role in (0, 1, 2):
            self._forget(role)

    # ---- one command ----

    def _options(self, command: str, role: int) -> list[str]:
        if command == "setup" and role == 0:
            return ["--renew"] if self._random.random() < 0.5 else []
        if command == "deal" and role == 0:
            return ["--count", "5", "--seq-len", str(self._length)]
        return ["--reconnect", "60"] if command == "serve" else []

    def _start(self, command: str, role: int) -> _Started:
        if role != 1:
            return _Started(self.parties.start(role, command, *self._options(command, role)))
        picked = self._random.choices(range(len(self._asked)), k=self._random.randint(1, 5))
        self._files += 1
        asked = self.parties.folder / f"asked{self._files}.json"
        answers = self.parties.folder / f"answers{self._files}.jsonl"
        rows = [{"input_ids": self._asked[i]} for i in picked]
        batch = {"input_ids": [row["input_ids"] for row in rows]}
        lines = [batch] if command == "run" else rows
        asked.write_text("".join(json.dumps(line) + "\n" for line in lines))
        options = ["--input", str(asked)] if command == "run" else self._options(command, role)
        with asked.open() as stdin, answers.open("w") as stdout:
            process = self.parties.start(1, command, *options, stdin=stdin, stdout=stdout)
        return _Started(process, picked, asked, answers)

    def _attempt(self, command: str, kills: int) -> str:
        """Runs a command with so many kills; the first that failed by itself."""
        alive = {role: self._start(command, role) for role in _ROLES[command]}
        for _ in range(kills):
            self._sleep(command)
            struck = [role for role in self._victims(command)
                      if alive[role].process.poll() is None]
            for role in struck:
                alive[role].process.kill()
            for role in struck:
                self._bury(command, role, alive[role])
            for role in struck:
                alive[role] = self._start(command, role)
        failed = self._end(command, alive)
        for started in alive.values():
            self._check(started)
        return failed

    def _victims(self, command: str) -> list[int]:
        roles = _ROLES[command]
        return self._random.sample(roles, self._random.choice([1, 1, 1, 2, len(roles)]))

    def _sleep(self, command: str) -> None:
        time.sleep(self._random.uniform(0, 1.1 * self._typical.get(command, 0.1)))

    def _bury(self, command: str, role: int, started: _Started) -> None:
        if started.process.wait() == -signal.SIGKILL:
            self.result.kills += 1
            self.result.by_command[command] = self.result.by_command.get(command, 0) + 1
        self.tap.settle(role)
        self._check(started)

    def _end(self, command: str, alive: dict[int, _Started]) -> str:
        """Waits for all; those that wait for one that has gone are told to stop."""
        processes = {role: started.process for role, started in alive.items()}
        still, failed = Stillness(processes.values(), self.tap), ""
        while self._some_run(processes):
            # In `serve` others wait for one that failed, and for P1, who ends it.
            over = [role for role, process in processes.items() if process.poll() is not None
                    and (command != "serve" or role == 1 or process.returncode)]
            if over and self._lonely(processes):
                for process in processes.values():
                    process.terminate()
            if still.over():
                self.result.faults.append(f"{command}: hangs")
                for process in processes.values():
                    process.kill()
                    process.wait()
            time.sleep(0.002)
        for role, process in processes.items():
            # One that is told to stop before it listens to signals ends by it.
            if process.returncode < 0 and process.returncode != -signal.SIGTERM:
                self.result.faults.append(
                    f"{command}: P{role} ended by signal {-process.returncode}")
            if process.returncode and not failed:
                said = self.parties.log(role).read_text().splitlines()
                failed = f"P{role} ended with {process.returncode}: {said[-1] if said else ''}"
        return failed

    @staticmethod
    def _some_run(processes: dict[int, Process]) -> bool:
        return any(process.poll() is None for process in processes.values())

    def _lonely(self, processes: dict[int, Process]) -> bool:
        """Whether some are still there a while after others went."""
        deadline = time.monotonic() + 0.3
        while self._some_run(processes) and time.monotonic() < deadline:
            time.sleep(0.002)
        return self._some_run(processes)

    def _check(self, started: _Started) -> None:
        """P1's answers, in order, are right or an error."""
        if started.answers is None or started.asked is None:
            return
        answers = []
        for line in started.answers.read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):  # cut by a kill
                answers.append(json.loads(line))
        answers = [answer for answer in answers if "ready" not in answer]
        for i, answer in zip(started.picked, answers, strict=False):
            if "outputs" not in answer:
                continue
            [output] = answer["outputs"].values()
            self.result.answers += 1
            if not np.array_equal(np.ravel(output["values"]), self._right[i]):
                self.result.faults.append(f"question {i}: a wrong answer")
        started.asked.unlink()
        started.answers.unlink()

    def _forget(self, role: int) -> None:
        """The party's record of numbers loses its last records."""
        for path in self.parties.state(role).glob("*.dealt" if role == 0 else "*.used"):
            content = path.read_bytes()
            head = 80 + 16 * int.from_bytes(content[40:48], "little")
            records = (len(content) - head) // _RECORD_BYTES
            lost = records if self._forgotten < 0 else min(self._forgotten, records)
            path.write_bytes(content[:head + (records - lost) * _RECORD_BYTES])


def prepare(model: pathlib.Path, folder: pathlib.Path, seed: int, forgotten: int = 0) -> Killer:
    """Plans of two lengths and three parties of a classifier, set up and tried without kills."""
    plans = private_run.compile_model(model, folder / "plans", "8,16").plans
    asked = questions(range(3, 17))
    rows = [{"input_ids": row} for row in asked]
    right = private_run.verify_model(model, rows, "8,16")
    killer = Killer(Parties(plans, folder), asked, right, seed, forgotten)
    killer.calm()
    return killer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = registry.make("bert-test-w1a4", private_run.ROOT / ".cache/models")
    with tempfile.TemporaryDirectory() as folder:
        killer = prepare(model, pathlib.Path(folder), options.seed)
        result, start = killer.result, time.monotonic()
        for episode in itertools.count(1):
            if result.kills >= options.kills or result.faults or killer.openings.faults:
                break
            killer.episode()
            if episode % 50 == 0:
                killer.calm()
                print(f"{result.kills} kills, {killer.openings.inferences} inferences, "
                      f"{time.monotonic() - start:.0f} s", flush=True)
        killer.calm()
        print(f"{result.kills} kills of seed {options.seed} ({result.by_command}), "
              f"{killer.openings.inferences} inferences begun, {result.answers} right answers, "
              f"{killer.openings.messages} messages under masks, {time.monotonic() - start:.0f} s")
        for why, count in result.ends.most_common():
            print(f"{count} x {why}")
        for fault in [*result.faults, *killer.openings.faults]:
            print(f"fault: {fault}")
        raise SystemExit(bool(result.faults or killer.openings.faults))


if __name__ == "__main__":
    main()
