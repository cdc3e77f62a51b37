# SPDX-License-Identifier: Apache-2.0
"""Every option of every program, with a value that does not fit: refused in a line "error: ..."."""

import re
import subprocess

import pytest
import qdq_graph
from qdq_graph import TOKENS

from tools.lib import private_run

_NOWHERE = "/dev/null/nowhere"  # neither a file nor a place for one
_PROGRAM = "func.func @f(%x: tensor<2xf32> {nn.owner = \"data\"}) -> tensor<2xf32> {\n" \
           "  return %x : tensor<2xf32>\n}\n"

# Commands, and what they need; names in capitals are files that _files makes.
_MODEL = {"model": "FOLDER", "--seq-len": str(TOKENS)}
_PARTY = {"--role": "1", "--plan": "PLAN1", "--state": "STATE", "--insecure": None,
          "--peers": "127.0.0.1:9,127.0.0.1:9,127.0.0.1:9"}
_PREDICTION = {"--net": "lan"}
_FITTING = {
    "mpcc compile": _MODEL | {"--output": "OUT"},
    "mpcc check": _MODEL,
    "mpcc quantize": _MODEL | {"--inputs": "IDS", "--output": "OUT.onnx"},
    "mpcc calibrate": _MODEL | {"--inputs": "IDS", "--output": "OUT.onnx"},
    "mpcc verify": _MODEL | {"--inputs": "IDS"},
    "mpcc interpret": _MODEL,
    "mpcc policy": {},
    "mpcc inspect": {"plan": "PLAN1"} | _PREDICTION,
    "mpcc report": {"plans": "PLANS", "--output": "OUT.html"} | _PREDICTION,
    "mpcc keygen": {"directory": "OUT"},
    "mpcc-admin inspect": {"plan": "PLAN1"} | _PREDICTION,
    "mpcc-admin report": {"plans": "PLANS", "--output": "OUT.html"} | _PREDICTION,
    "mpcc-admin keygen": {"directory": "OUT"},
    "mpcc-local": {"--plans": "PLANS", "--input": "IDS", "--simulate": "local"},
    "mpcc-run": {"file": "PROGRAM"},
    "mpcc-party": _PARTY | {"--simulate": "local"},  # its options stand behind a command, too
    "mpcc-party setup": _PARTY,
    "mpcc-party deal": _PARTY | {"--role": "0", "--plan": "PLAN0"},
    "mpcc-party run": _PARTY | {"--input": "IDS"},
    "mpcc-party serve": _PARTY,
    "mpcc-party stock": _PARTY | {"--role": "2", "--plan": "PLAN2"},
}
# What does not fit, where it is not _NOWHERE: of any command, or of one.
_WRONG = {
    "--bits": "0", "--count": "0", "--days": "0", "--digits": "x", "--elide": "x", "--emit": "x",
    "--extra-index-bits": "x", "--from": "x", "--function": "x", "--inputs": "x", "--least": "nan",
    "--listen": "x", "--listening-order": "0,1", "--log": "x", "--lowering": "x",
    "--magnitude": "nan", "--material-window": "-1", "--max-inferences": "0", "--mode": "x",
    "--most-id": "x", "--net": "x", "--pad-id": "x", "--peer-timeout": "0", "--peers": "x",
    "--policy": "x", "--pool": "x", "--public-bound": "x", "--rate": "x", "--reconnect": "-1",
    "--repeat": "0", "--role": "3", "--rows": "0", "--seed": "x", "--seq-len": "0", "--shape": "x",
    "--simulate": "x", "--spin-us": "x", "--table-bits": "x", "--threads": "-1",
    "--tolerance": "nan", "--uplink": "x", "--allow-leak": "x",
    "mpcc-party deal --seq-len": "3",  # 0 is the smallest
}
# These look at what is named, and what they find is their answer.
_EXAMINES = {"mpcc doctor", "mpcc-admin doctor"}


def _program(name, *arguments):
    return subprocess.run([private_run.BIN / name, *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False, timeout=120)


def _options_by_command(name):
    """Those that take a value, from the manual page."""
    found, command = {}, name
    for line in _program(name, "--man").stdout.replace("\\-", "-").splitlines():
        if section := re.fullmatch(r'\.SH "(.*)"', line):
            command = section[1].lower()
        elif option := re.fullmatch(r"\\fB(.*)\\fR \\fI(.+)\\fR", line):
            found.setdefault(command, []).append(option[1].split(",")[-1])
    return found


_PROGRAMS = [name for name in ("mpcc", "mpcc-admin", "mpcc-local", "mpcc-party", "mpcc-run")
             if (private_run.BIN / name).exists()]
_OPTIONS = {command: options for name in _PROGRAMS
            for command, options in _options_by_command(name).items() if command not in _EXAMINES}
_CASES = [(command, option) for command, options in _OPTIONS.items() for option in options]


@pytest.fixture(scope="module", name="files")
def _files(tmp_path_factory):
    """A model in a folder, its plans, and inputs."""
    top = tmp_path_factory.mktemp("refusals")
    graph = qdq_graph.Graph()
    ids = graph.input("input_ids", shape=(1, "s"))
    x = graph.op("MatMul", graph.embedding(ids), graph.weight(qdq_graph.WIDTH, qdq_graph.WIDTH))
    (top / "folder").mkdir()
    model = graph.save(top / "folder/model.onnx", graph.qdq(x, 0.02))
    private_run.compile_model(model, top / "plans", TOKENS)
    (top / "ids.jsonl").write_text("[5, 9, 17]\n", encoding="utf-8")
    (top / "program.mlir").write_text(_PROGRAM, encoding="utf-8")
    return {"FOLDER": top / "folder", "PLANS": top / "plans", "IDS": top / "ids.jsonl",
            "PROGRAM": top / "program.mlir",
            **{f"PLAN{party}": top / f"plans/party{party}.plan" for party in range(3)}}


def _line(command, given, files):
    """The command line with options and their values; files that are to be made are new."""
    line = command.split()
    for option, value in given.items():
        named = value if value is None else str(files.get(value, value))
        if value is not None and value.startswith(("OUT", "STATE")):
            named = str(files["PLANS"].parent / f"{value}-{command.replace(' ', '-')}")
        if not option.startswith("-"):
            line.append(named)
        else:
            line.append(option if named is None else f"{option}={named}")
    return line


def test_every_command_is_in_the_table():
    assert _OPTIONS and set(_OPTIONS) <= set(_FITTING)


@pytest.mark.parametrize(("command", "option"), _CASES, ids=lambda part: part)
def test_a_value_that_does_not_fit_is_an_error(files, command, option):
    wrong = _WRONG.get(f"{command} {option}", _WRONG.get(option, _NOWHERE))
    given = _FITTING[command] | {option: wrong}
    name, *rest = _line(command, given, files)
    if command == "mpcc-party":
        rest.append("setup")
    done = _program(name, *rest)
    assert done.returncode != 0, done.stdout
    # While parties meet they tell it in their log.
    refused = r"^(error: |[\d:.]+ error \[party\d\] )\S" if name == "mpcc-party" else r"^error: \S"
    assert re.search(refused, done.stderr, re.MULTILINE), done.stderr
    assert not re.search(r"^error: (?!P\d )[A-Z]", done.stderr, re.MULTILINE), done.stderr
