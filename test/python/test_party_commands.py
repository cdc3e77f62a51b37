# SPDX-License-Identifier: Apache-2.0
"""The commands of single parties, as three people would type them."""

import json
import pathlib
import stat
import subprocess

import pytest

from tools.lib import private_run
from tools.lib.parties import free_ports

_BUCKET = 16


class _Parties:
    """Three parties' folders, keys and addresses."""

    def __init__(self, model, folder):
        self.folder = folder
        private_run.compile_model(model, folder / "plans", _BUCKET)
        subprocess.run([private_run.BIN / "mpcc", "keygen", folder / "keys"], check=True,
                       capture_output=True)
        self.peers = ",".join(f"127.0.0.1:{port}" for port in (*free_ports(2), 1))

    def start(self, role, *words, **pipes):
        """A party's process."""
        keys = self.folder / "keys"
        return subprocess.Popen(
            [private_run.BIN / "mpcc-party", "--role", str(role), "--plan",
             self.folder / f"plans/party{role}.plan", "--peers", self.peers, "--state",
             self.folder / f"state{role}", "--ca", keys / "ca.crt", "--cert",
             keys / f"party{role}.crt", "--key", keys / f"party{role}.key", *words],
            text=True, **pipes)

    def run(self, roles, command, extra=None):
        """(exit code, messages) of each role; `extra` are options of the last one."""
        started = [self.start(role, command, *((extra or []) if role == roles[-1] else []),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) for role in roles]
        texts = [process.communicate()[0] for process in started]
        return [(process.returncode, text) for process, text in zip(started, texts)]


@pytest.fixture(scope="module")
def parties(model_path, tmp_path_factory):
    made = _Parties(model_path("bert-test-w1a4"), tmp_path_factory.mktemp("parties"))
    (made.folder / "ids.json").write_text(json.dumps([1, 5, 9]), encoding="utf-8")
    for code, text in made.run([0, 1, 2], "setup"):
        assert code == 0, text
    for code, text in made.run([2, 0], "deal", ["--count", "4"]):
        assert code == 0, text
    return made


def test_an_answer_is_its_owners_alone(parties):
    out = parties.folder / "answer.json"
    out.write_text("older")
    out.chmod(0o644)
    done = parties.run([2, 1], "run", ["--input", parties.folder / "ids.json", "--output", out])
    assert [code for code, _ in done] == [0, 0], done
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert len(json.loads(out.read_text())["outputs"]["logits"]["values"]) == 2


def test_rows_of_a_batch_are_answered_in_order(parties):
    questions, out = parties.folder / "batch.json", parties.folder / "answers.jsonl"
    questions.write_text(json.dumps({"input_ids": [[1, 5, 9], [1 << 40], [2, 6]]}))
    done = parties.run([2, 1], "run", ["--input", questions, "--output", out])
    assert [code for code, _ in done] == [0, 1], done
    assert "an input was refused: " in done[1][1]
    first, refused, last = map(json.loads, out.read_text().splitlines())
    assert list(refused) == ["error"]
    assert first["outputs"].keys() == last["outputs"].keys() == {"logits"}
    assert first["stats"]["inference"] < last["stats"]["inference"]


def test_no_material_is_spent_on_an_answer_without_a_place(parties):
    out = parties.folder / "nowhere/answer.json"
    [(code, text)] = parties.run([1], "run",
                                 ["--input", parties.folder / "ids.json", "--output", out])
    assert code == 1
    assert f"{out}: no file can be made there: No such file or directory" in text


def _material(parties, ending):
    return list((parties.folder / "state2").glob("*.material" + ending))


def test_what_a_killed_assistant_had_half_of_is_removed(parties):
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
             "stderr": subprocess.DEVNULL}
    dealer = parties.start(0, "deal", "--count", "100000", **quiet)
    assistant = parties.start(2, "deal", **quiet)
    before = len(_material(parties, ""))
    while len(_material(parties, "")) < before + 3 or not _material(parties, ".part"):
        assert assistant.poll() is None and dealer.poll() is None
    assistant.kill()
    assistant.wait()
    assert dealer.wait(timeout=60) == 1
    for code, text in parties.run([2, 0], "deal", ["--count", "1"]):
        assert code == 0, text
    assert not _material(parties, ".part")


def test_numbers_of_a_killed_run_stay_spent(parties):
    for code, text in parties.run([2, 0], "deal", ["--count", "30"]):
        assert code == 0, text
    questions = parties.folder / "many.json"
    questions.write_text(json.dumps({"input_ids": [[1, 5, 9]] * 30}))
    assistant = parties.start(2, "run", stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    owner = parties.start(1, "run", "--input", questions, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seen = [json.loads(owner.stdout.readline())]
    assistant.kill()
    assistant.wait()
    seen += [json.loads(line) for line in owner.communicate()[0].splitlines()]
    spent = [answer["stats"]["inference"] for answer in seen if "stats" in answer]
    out = parties.folder / "after.json"
    done = parties.run([2, 1], "run", ["--input", parties.folder / "ids.json", "--output", out])
    assert [code for code, _ in done] == [0, 0], done
    assert json.loads(out.read_text())["stats"]["inference"] > max(spent)


def _served(parties, role, reconnect, *words):
    return parties.start(role, "serve", "--reconnect", str(reconnect), *words,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _ask(owner):
    owner.stdin.write(json.dumps({"input_ids": [1, 5, 9]}) + "\n")
    owner.stdin.flush()
    return json.loads(owner.stdout.readline())


def _close(processes):
    for process in processes:
        process.wait(timeout=60)
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


@pytest.mark.parametrize("killed", [0, 2])
def test_a_party_that_died_and_came_back_is_served_with_again(parties, killed):
    processes = [_served(parties, role, 120) for role in range(3)]
    owner = processes[1]
    assert "ready" in json.loads(owner.stdout.readline())
    before = _ask(owner)["stats"]["inference"]
    processes[killed].kill()
    _close([processes[killed]])
    answers = [_ask(owner)]
    while "error" not in answers[-1] and len(answers) < 5:  # what P0 dealt ahead still serves
        answers.append(_ask(owner))
    assert f"P{killed}" in answers[-1]["error"]
    processes[killed] = _served(parties, killed, 120)
    assert _ask(owner)["stats"]["inference"] > before
    owner.stdin.close()
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]


def test_a_signal_stops_all_and_says_so(parties):
    processes = [_served(parties, role, 120) for role in range(3)]
    assert "ready" in json.loads(processes[1].stdout.readline())
    processes[2].terminate()
    for process in processes:
        process.wait(timeout=60)
        assert "it was stopped" in process.stderr.read()
        assert process.returncode == 1
    _close(processes)


def test_a_second_process_is_refused_with_the_number_of_the_first(parties):
    first = parties.start(0, "serve", stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lock = parties.folder / "state0/lock"
    while not lock.read_text().startswith(f"{first.pid}\n"):
        assert first.poll() is None
    [(code, text)] = parties.run([0], "deal")
    assert code == 1 and f"process {first.pid} works with this state directory" in text
    first.kill()
    first.wait()


def test_stock_is_a_line_of_json_for_each_bucket(parties):
    [(code, text)] = parties.run([2], "stock")
    assert code == 0
    stock = json.loads(text)
    assert stock["sequence_length"] == _BUCKET
    assert stock["inferences"] == len(_material(parties, ""))
    assert stock["pieces"] >= stock["inferences"] and stock["bytes"] > 0


def test_others_may_not_look_into_a_party(parties):
    party = parties.start(0, "serve", stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lock = parties.folder / "state0/lock"
    while not lock.read_text().startswith(f"{party.pid}\n"):
        assert party.poll() is None
    limits = pathlib.Path(f"/proc/{party.pid}/limits").read_text().splitlines()
    [dumps] = [line.split() for line in limits if line.startswith("Max core file size")]
    assert dumps[4:6] == ["0", "0"]
    assert pathlib.Path(f"/proc/{party.pid}/maps").stat().st_uid == 0  # not its user's, if not root
    party.kill()
    party.wait()


def _holds(process, text):
    """Whether a process has a text somewhere in memory that it may write."""
    own = pathlib.Path(f"/proc/{process.pid}")
    with (own / "mem").open("rb", buffering=0) as memory:
        for line in (own / "maps").read_text().splitlines():
            area, rights = line.split()[:2]
            start, end = (int(place, 16) for place in area.split("-"))
            if "rw" in rights and "[v" not in line:
                memory.seek(start)
                if text in memory.read(end - start):
                    return True
    return False


def test_questions_and_answers_leave_no_text_behind(parties):
    processes = [_served(parties, role, 120, "--dumpable") for role in range(3)]
    owner = processes[1]
    assert "ready" in json.loads(owner.stdout.readline())
    owner.stdin.write('{"input_ids": [61,  53,  47,  43]}\n')
    owner.stdin.flush()
    answer = owner.stdout.readline()
    assert "ready" not in answer
    owner.stdin.write(json.dumps({"input_ids": [1, 5, 9]}) + "\n")
    owner.stdin.flush()
    owner.stdout.readline()
    shown = json.dumps(json.loads(answer)["outputs"], separators=(",", ":"))[12:60]
    assert shown in answer
    assert not _holds(owner, b"61,  53,  47")
    assert not _holds(owner, shown.encode())
    owner.stdin.close()
    _close(processes[:1] + processes[2:])
    owner.wait(timeout=60)


def test_times_of_the_model_owner_are_its_own(parties):
    processes = [_served(parties, role, 120) for role in range(3)]
    assert "ready" in json.loads(processes[1].stdout.readline())
    assert _ask(processes[1])["stats"]["deal_seconds"] == 0
    processes[1].stdin.close()
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]


@pytest.mark.parametrize("killed", [0, 1, 2])
def test_the_others_name_a_party_that_died(parties, killed):
    processes = [_served(parties, role, 0) for role in range(3)]
    assert "ready" in json.loads(processes[1].stdout.readline())
    processes[1].stdin.write(json.dumps({"input_ids": [1, 5, 9]}) + "\n")
    processes[1].stdin.flush()
    assert "outputs" in json.loads(processes[1].stdout.readline())
    processes[killed].kill()
    for role, process in enumerate(processes):
        if role == killed:
            process.wait()
            continue
        # P1's standard input stays open: it must notice by itself.
        process.wait(timeout=60)
        message = process.stderr.read()
        assert process.returncode == 1 and f"P{killed}" in message, (role, message)
    for process in processes:
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()
