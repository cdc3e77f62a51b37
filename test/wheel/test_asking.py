# SPDX-License-Identifier: Apache-2.0
"""Private answers: simulated, from three processes, and from three parties of one's own."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time

import mpcc
import numpy as np
import pytest

TEXTS = ["Where is the bank of the river, and who owns it?", "Good morning", "The bank is closed"]


@pytest.fixture(scope="module")
def simulation(plans):
    with mpcc.simulate(plans) as made:
        yield made


@pytest.fixture(scope="module")
def expected(simulation):
    return simulation.encode(TEXTS)


def _cosines(a, b):
    return (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


def test_arrays_in_and_out(simulation, plans, expected):
    (sample,) = plans.tokenizer.encode([TEXTS[1]])
    ids = np.array([sample["input_ids"]] * 2)
    outputs = simulation(input_ids=ids, attention_mask=np.ones_like(ids))
    (vectors,) = outputs.values()
    assert vectors.dtype == np.float32 and vectors.shape == (2, 384)
    assert _cosines(vectors, expected[[1, 1]]).min() > 0.99
    single = simulation(input_ids=ids[0])
    assert next(iter(single.values())).shape == (1, 384)


def test_inputs_that_do_not_fit_spend_nothing(simulation):
    with pytest.raises(mpcc.errors.InvalidArgument, match="17"):
        simulation(input_ids=np.ones(17, np.int64))
    with pytest.raises(mpcc.errors.InvalidArgument, match="rows"):
        simulation(input_ids=np.ones((2, 3), np.int64), attention_mask=np.ones((3, 3), np.int64))
    assert simulation(input_ids=[101, 102])


def test_the_simulation_answers_as_verify_says(plans, expected):
    values = np.array([answer["values"] for answer in plans.verify(TEXTS).answers])
    np.testing.assert_array_equal(values.astype(np.float32), expected)


def test_long_texts_are_refused_unless_truncated(simulation):
    long = "river " * 40
    with pytest.raises(mpcc.errors.InvalidArgument, match="text 1: 42 tokens"):
        simulation.encode(["short", long])
    assert simulation.encode([long], truncation=True).shape == (1, 384)


def test_other_threads_run_while_it_computes(simulation):
    ticks = 0
    done = threading.Event()

    def count():
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    thread = threading.Thread(target=count, daemon=True)
    thread.start()
    simulation.encode(TEXTS[:1])
    done.set()
    thread.join()
    assert ticks > 10


def test_three_processes_give_the_same_in_the_order_of_the_texts(plans, expected):
    with mpcc.local(plans) as private:
        vectors = private.encode(TEXTS, show_progress_bar=True)
        answer = private.infer(plans.tokenizer.encode(TEXTS[1:2])[0])
        labels = private.classify(TEXTS[1:2], labels=[str(i) for i in range(384)])
    assert _cosines(vectors, expected).min() > 0.99
    assert answer.stats["rounds"] == plans.cost()[0].rounds
    assert labels == [str(int(np.argmax(expected[1])))]
    with pytest.raises(mpcc.errors.FailedPrecondition, match="with"):
        private.encode(TEXTS)


def test_the_death_of_a_party_is_told(plans):
    with pytest.raises(mpcc.errors.Unavailable, match="P0|P2"), mpcc.local(plans) as private:
        private.encode(TEXTS[:1])
        for child in _children():
            subprocess.run(["kill", "-KILL", child], check=True)
        private.encode(TEXTS[:1])


def _children():
    me = threading.main_thread().native_id
    with open(f"/proc/self/task/{me}/children", encoding="ascii") as file:
        return file.read().split()


@pytest.fixture
def local_parties(plans, tmp_path):
    """Starts a process with local parties, `then` does something with them; gives it, and their
    numbers, once they are there."""
    def start(then):
        script = tmp_path / "script.py"
        script.write_text(textwrap.dedent(f"""
            import os, mpcc, signal, threading
            with mpcc.local({str(plans.folder)!r}) as private:
                children = open(f"/proc/self/task/{{os.getpid()}}/children").read()
                print(children, flush=True)
                {then}
                while True:
                    private.encode(["Good morning"] * 20)
        """), encoding="utf-8")
        process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        children = process.stdout.readline().split()
        assert len(children) == 2
        return process, children

    return start


def _ends(process, children):
    _, messages = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in messages
    assert process.returncode == -signal.SIGINT, messages
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)


def test_an_interrupt_ends_all_parties(local_parties):
    process, children = local_parties("")
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _ends(process, children)


# The thread of a question has started, and the one that waits for it does not wait yet.
_AS_A_QUESTION_BEGINS = (
    "start = threading.Thread.start; threading.Thread.start = lambda self: "
    "(start(self), self.name.endswith('(run)') and signal.raise_signal(signal.SIGINT))")


def test_an_interrupt_as_a_question_begins_ends_all_parties(local_parties):
    _ends(*local_parties(_AS_A_QUESTION_BEGINS))


# The same, and once more when it is told to the peers.
_AGAIN = (
    "stop = private._stop; private._stop = type('Stop', (), {'requested': True, 'request': "
    "lambda self: (stop.request(), signal.raise_signal(signal.SIGINT))})(); ")


def test_a_second_interrupt_does_not_wait(local_parties):
    _ends(*local_parties(_AGAIN + _AS_A_QUESTION_BEGINS))


@pytest.fixture
def three(plans, tmp_path):
    """Starts a party by its number as a process of its own, which serves or asks for ever."""
    keys = mpcc.keygen(tmp_path / "keys")
    with socket.socket() as a, socket.socket() as b:
        for one in (a, b):
            one.bind(("127.0.0.1", 0))
        peers = [f"127.0.0.1:{one.getsockname()[1]}" for one in (a, b)] + ["127.0.0.1:1"]
    work = ["p.serve()", "print('ready', flush=True)\n  while True: p.encode(['a'])", "p.serve()"]

    def start(party):
        owner = ("ModelOwner", "DataOwner", "Assistant")[party]
        script = (f"import mpcc\n"
                  f"with mpcc.{owner}({str(plans.path(party))!r}, peers={peers!r}, "
                  f"keys={str(keys)!r}, state={str(tmp_path / str(party))!r}) as p:\n"
                  f"  {work[party]}")
        return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    return start


@pytest.mark.parametrize("interrupted", [0, 1, 2])
def test_an_interrupt_of_one_party_is_told_to_the_others(three, interrupted):
    processes = [three(party) for party in range(3)]
    assert processes[1].stdout.readline() == "ready\n"
    time.sleep(0.3)
    processes[interrupted].send_signal(signal.SIGINT)
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert "KeyboardInterrupt" in said[interrupted]
    for party in {0, 1, 2} - {interrupted}:
        assert "mpcc.errors." in said[party] and "gave up: " in said[party], said[party]


def test_parties_of_ones_own_meet(plans, expected, tmp_path):
    keys = mpcc.keygen(tmp_path / "keys")
    with socket.socket() as a, socket.socket() as b:
        for one in (a, b):
            one.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1] for one in (a, b)] + [1]
    common = {"peers": [f"127.0.0.1:{port}" for port in ports], "keys": keys}
    p0 = mpcc.ModelOwner(plans.path(0), state=tmp_path / "state0", **common)
    p2 = mpcc.Assistant(plans.path(2), state=tmp_path / "state2", **common)
    others = [threading.Thread(target=party.serve) for party in (p0, p2)]
    for other in others:
        other.start()
    with mpcc.DataOwner(plans.path(1), state=tmp_path / "state1", **common) as p1:
        assert _cosines(p1.encode(TEXTS[1:2]), expected[1:2]).min() > 0.99
    for other in others:
        other.join()


def test_keys_are_asked_for(plans, tmp_path):
    with pytest.raises(mpcc.errors.InvalidArgument, match="keygen"):
        mpcc.DataOwner(plans.path(1), peers="a:1,b:2,c:3", state=tmp_path)


@pytest.mark.parametrize("options", [{"peers": "a:1,b:2"},
                                     {"peers": "a:1,b:2,c:3", "listening_order": [0, 1, 1]}])
def test_three_parties_are_asked_for(plans, tmp_path, options):
    with pytest.raises(mpcc.errors.InvalidArgument, match="name each once"):
        mpcc.DataOwner(plans.path(1), state=tmp_path, insecure=True, **options)
