# SPDX-License-Identifier: Apache-2.0
"""Programs say how far they are (tools/progress_line_test.cc: where, and how)."""

import json
import os
import pty
import subprocess

import pytest

from tools.lib import private_run
from tools.lib.parties import free_ports

_ENVIRONMENT = os.environ | {"MPCC_PROGRESS": "json"}
_IDS = [1, 5, 9]


def _told(text):
    """What a program told, and of how much."""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return {(line["progress"], line["all"]) for line in lines if "progress" in line}


def _run(program, *arguments):
    done = subprocess.run([private_run.BIN / program, *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, env=_ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    return _told(done.stderr)


@pytest.fixture(scope="module")
def plans(model_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    return private_run.compile_model(model_path("bert-test-w1a4"), folder, 16).plans


@pytest.fixture
def lines(tmp_path):
    """A file of two inputs."""
    (tmp_path / "ids.jsonl").write_text(f"{_IDS}\n{_IDS}\n", encoding="utf-8")
    return tmp_path / "ids.jsonl"


def test_commands_of_the_compiler_do(model_path, lines, tmp_path):
    model, out = model_path("bert-test-w1a4"), ["-o", tmp_path / "out"]
    length = ["--seq-len", "16"]
    assert ("compiling", 0) in _run("mpcc", "compile", model, *length, *out)
    assert ("checking", 0) in _run("mpcc", "check", model, *length)
    assert ("verifying", 2) in _run("mpcc", "verify", model, "--inputs", lines, "--least", "-1")
    assert ("calibrating", 2) in _run("mpcc", "calibrate", model, "--inputs", lines, "-o",
                                      tmp_path / "ranges.onnx")


def test_parties_on_one_machine_do(plans, tmp_path):
    (tmp_path / "ids.json").write_text(json.dumps([_IDS, _IDS]), encoding="utf-8")
    told = _run("mpcc-local", "--plans", plans, "--input", tmp_path / "ids.json")
    assert ("inferences", 2) in told
    assert [what for what, of in told if of > 2] == ["set-up"]  # its bytes


def test_a_party_that_serves_does(plans, tmp_path):
    peers = ",".join(f"127.0.0.1:{port}" for port in (*free_ports(2), 1))

    def start(role):
        return subprocess.Popen(
            [private_run.BIN / "mpcc-party", "--role", str(role), "--plan",
             plans / f"party{role}.plan", "--peers", peers, "--insecure", "--state",
             tmp_path / str(role), "serve"], env=_ENVIRONMENT, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    parties = [start(0), start(1)]
    assert json.loads(parties[1].stderr.readline())["progress"] == "waiting for P0 and P2"
    parties.append(start(2))
    _, said = parties[1].communicate(json.dumps({"input_ids": _IDS}) + "\n", timeout=60)
    told = [_told(parties[0].communicate()[1]), _told(said), _told(parties[2].communicate()[1])]
    layers = len(json.loads(subprocess.run(
        [private_run.BIN / "mpcc", "inspect", plans / "party1.plan", "--json"],
        capture_output=True, check=True).stdout)["programs"][0]["layers"])
    for role in (0, 2):
        assert [what for what, of in told[role] if of > layers] == ["set-up"]
    for role in (1, 2):
        assert ("inference", layers) in told[role]


def test_on_a_terminal_a_line_goes_away_before_what_is_said(plans, tmp_path):
    terminal, end = pty.openpty()
    party = subprocess.Popen(
        [private_run.BIN / "mpcc-party", "--role", "1", "--plan", plans / "party1.plan", "--peers",
         "127.0.0.1:1,127.0.0.1:1,127.0.0.1:1", "--listen", "127.0.0.1:0", "--insecure", "--state",
         tmp_path / "state", "setup"], stdin=subprocess.DEVNULL, stderr=end)
    os.close(end)
    said = b""
    while b"waiting for P0 and P2: 2 s" not in said:
        said += os.read(terminal, 4096)
    party.terminate()
    party.wait()
    while b"\n" not in said:
        said += os.read(terminal, 4096)
    os.close(terminal)
    shown, message = said.rsplit(b"\r\033[K", 1)
    assert b"waiting for P0 and P2" in shown and b"it was stopped" in message
