# SPDX-License-Identifier: Apache-2.0
"""The three parties phase by phase, costs as a frame, and the commands with texts."""

import contextlib
import json
import socket
import subprocess
import sys
import threading

import mpcc
import pytest


@pytest.fixture(scope="module")
def peers():
    with contextlib.ExitStack() as sockets:
        ports = []
        for _ in range(2):
            one = sockets.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            ports.append(one.getsockname()[1])
    return [f"127.0.0.1:{port}" for port in ports] + ["127.0.0.1:1"]


def _together(*calls):
    """Runs calls of several parties at the same time; raises what one of them raised."""
    failures = []

    def run(call):
        try:
            call()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]
    assert not any(thread.is_alive() for thread in threads)


def test_material_is_dealt_stored_and_used_when_p0_is_away(plans, peers, tmp_path):
    keys = mpcc.keygen(tmp_path / "keys")
    options = {"peers": peers, "keys": keys, "timeout": 30}
    classes = (mpcc.ModelOwner, mpcc.DataOwner, mpcc.Assistant)
    p0, p1, p2 = (owner(plans.path(party), state=tmp_path / f"state{party}", **options,
                        **({"stored": True} if party == 1 else {}))
                  for party, owner in enumerate(classes))
    _together(p0.set_up, p1.set_up, p2.set_up)
    _together(lambda: p0.deal(2), p2.store)
    p0.close()
    rows = []

    def ask():
        with p1:
            rows.append(p1.encode(["Good morning", "a text"]))

    _together(ask, p2.assist)
    assert rows[0].shape[0] == 2
    with mpcc.simulate(plans) as simulated:
        again = simulated.encode(["Good morning", "a text"])
    assert rows[0] == pytest.approx(again, abs=.05)
    p2.close()


def test_deal_of_a_program_that_is_not_there_is_refused(plans, peers, tmp_path):
    keys = mpcc.keygen(tmp_path / "keys")
    p0 = mpcc.ModelOwner(plans.path(0), peers=peers, keys=keys, state=tmp_path / "state0",
                         timeout=1)
    with pytest.raises(mpcc.Error):
        p0.deal(1, program=7)
    p0.close()


def test_costs_are_a_frame(plans):
    pandas = pytest.importorskip("pandas")
    costs = plans.cost()
    frame = costs.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == len(costs)
    assert frame["rounds"].tolist() == [cost.rounds for cost in costs]
    assert frame["online_seconds_wan"].tolist() == [c.online_seconds["wan"] for c in costs]


def test_the_command_takes_texts(plans):
    command = [f"{sys.prefix}/bin/mpcc-local", "--plans", plans.folder, "--json", "--text",
               "Good morning"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    (values,) = [output["values"] for output in json.loads(done.stdout)["outputs"].values()]
    with mpcc.simulate(plans) as simulated:
        assert values == pytest.approx(simulated.encode(["Good morning"])[0].tolist(), abs=.05)


def test_the_trainer_names_the_extra_that_it_needs():
    done = subprocess.run([f"{sys.prefix}/bin/mpcc-train", "--help"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        assert "pip install 'mpcc[train]'" in done.stderr
    else:
        assert "usage: mpcc-train" in done.stdout
