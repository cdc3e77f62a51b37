# SPDX-License-Identifier: Apache-2.0
"""Messages name options as the programs do; from Python they have Python's names."""

import importlib.util
import itertools
import re
import subprocess

import pytest

from tools.lib.private_run import BIN, ROOT

_LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
_PARTS = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
# Whose words come to Python: all but what options of commands are described by.
_TOLD = ("calibration", "folder_options", "left_out", "load_model", "model_folder",
         "quantize_first", "reporter", "sample_lengths", "static_model", "unstable",
         "verification", "verification_report")
# Of the documentation that `mpcc policy` prints.
_DESCRIPTIONS = ("passes/policy/policy_keys.cc",)


def _load():
    path = ROOT / "tools/python/mpcc/_options.py"
    spec = importlib.util.spec_from_file_location("options", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


options = _load()


def _sources():
    folders = ("frontend", "ir", "passes", "codegen", "runtime")
    files = itertools.chain.from_iterable((ROOT / name).rglob("*.cc") for name in folders)
    yield from (file for file in files if not re.search(r"_test\.cc$|fuzz_|benchmark", file.name)
                and str(file.relative_to(ROOT)) not in _DESCRIPTIONS)
    yield from (ROOT / f"tools/{name}.cc" for name in _TOLD)


def _messages():
    """Of the sources, those that name options, with values in the places for them."""
    for file in _sources():
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        for found in _LITERALS.findall(text):
            message = "".join(_PARTS.findall(found)).replace('\\"', '"').replace("\\n", "\n")
            if re.search(r"--[a-z]", message):
                yield file.relative_to(ROOT), re.sub(r"\{[\w:.]*\}", "7", message)


def test_no_message_that_comes_to_python_names_an_option_of_a_program():
    told = list(_messages())
    assert len(told) > 30
    left = [(str(file), said) for file, message in told
            if "--" in re.sub(r"optimum-cli[^)]*", "", said := options.in_python(message))]
    assert not left


@pytest.mark.parametrize(("said", "heard"), [
    ("give --seq-len=128 or --shape=ids=1x128", "give seq_len=128 or shapes={'ids': [1, 128]}"),
    ("(--pool=mean, --pool=cls)", "(pool='mean', pool='cls')"),
    ("name it alone (--result=vectors --result=b)", "name it alone (results=['vectors'] "
     "results=['b'])"),
    ("remedy: correct --result", "remedy: correct results"),
    ("--no-normalize counts, not --normalize", "normalize=False counts, not normalize=True"),
    ("compile with --seq-len=16,32.", "compile with seq_len=[16, 32]."),
    ("allow it with --allow-leak=rounding-coins", "allow it with allow_leak=['rounding-coins']"),
    ("a larger --policy=function-reach", "a larger policy={'function-reach': ...}"),
    ("--file=onnx/model.onnx; or not", "file='onnx/model.onnx'; or not"),
    ("again with `setup --renew` at P0 and `setup` at P1 and P2",
     "again with set_up(renew=True) at P0 and set_up() at P1 and P2"),
    ("run `deal --seq-len=16` at P0 and P2",
     "call deal, for the program of 16 tokens, at P0 and store at P2"),
    ("(optimum-cli export onnx --task feature-extraction) or --pool",
     "(optimum-cli export onnx --task feature-extraction) or pool"),
    ("--seq-len: 0 not in range\nRun with --help for more information.",
     "seq_len: 0 not in range"),
    ("a - b, a--b, -- and --something-else", "a - b, a--b, -- and --something-else")])
def test_options_in_messages_have_their_names_in_python(said, heard):
    assert options.in_python(said) == heard


@pytest.mark.parametrize(("given", "arguments"), [
    ({"seq_len": [16, 32], "pool": None}, ["--seq-len=16,32"]),
    ({"seq_len": [], "results": ()}, []),
    ({"normalize": False}, ["--no-normalize"]),
    ({"normalize": True, "quantize": False}, ["--normalize"]),
    ({"results": ["a", "b"]}, ["--result=a", "--result=b"]),
    ({"digits": {"a": 2, "b": "all"}}, ["--digits=a=2", "--digits=b=all"]),
    ({"digits": 2}, ["--digits=2"]),
    ({"shapes": {"ids": [1, 8]}}, ["--shape=ids=1x8"])])
def test_what_is_given_becomes_arguments(given, arguments):
    assert options.arguments(**given) == arguments


def test_every_option_is_one_of_the_programs():
    helps = [subprocess.run([BIN / "mpcc", command, "--help"], capture_output=True, text=True,
                            check=True).stdout for command in ("compile", "verify")]
    known = set(re.findall(r"--[a-z][a-z-]*", "\n".join(helps)))
    assert set(options._BY_FLAG) - known == set()
