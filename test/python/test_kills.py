# SPDX-License-Identifier: Apache-2.0
"""No mask serves twice, whoever is killed when; and the check finds it where parties forget."""

import pathlib
import subprocess
import types

import pytest

from tools.lib import kills


# One that waits for nothing, and one that computes without an end.
@pytest.mark.parametrize("command", [["sleep", "100"], ["sh", "-c", "while :; do :; done"]])
def test_what_hangs_is_found(monkeypatch, command):
    idle = command[0] == "sleep"
    monkeypatch.setattr(kills, "_STILL_SECONDS" if idle else "_SPUN_SECONDS", 0.2)
    tap = types.SimpleNamespace(carried=0)
    with subprocess.Popen(command, text=True) as process:
        still = kills.Stillness([process], tap)
        while not still.over():
            pass
        process.kill()


def _prepared(model_path, folder, forgotten=0):
    return kills.prepare(pathlib.Path(model_path("bert-test-w1a4")), folder, 1, forgotten)


def test_no_mask_serves_twice_whoever_is_killed(model_path, tmp_path):
    killer = _prepared(model_path, tmp_path)
    while killer.result.kills < 30:
        killer.episode()
    killer.calm()
    killer.tap.close()
    assert killer.result.faults == []
    assert killer.openings.faults == []
    assert killer.openings.inferences > 10 and killer.result.answers > 10


# Marks that come after use, as a kill leaves them, and counters that begin anew.
@pytest.mark.parametrize("forgotten", [3, -1])
def test_parties_that_forget_their_numbers_are_found(model_path, tmp_path, forgotten):
    killer = _prepared(model_path, tmp_path, forgotten)
    assert killer.openings.faults == []
    for _ in range(10):
        if not killer.openings.faults:
            killer.forget()
    killer.tap.close()
    assert any("two values" in fault for fault in killer.openings.faults)
