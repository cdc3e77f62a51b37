# SPDX-License-Identifier: Apache-2.0
"""mpcc-local and P1's mpcc-party with texts (tools/local, tools/party)."""

import json
import subprocess
import sys

import pytest

from tools.lib import parties, private_run, text_programs, tokenize
from tools.models import texts

_SHORT, _LONG = "Good morning", "a text of a few words " * 12
_BUCKET = 16


@pytest.fixture(scope="module")
def tokenizer():
    return texts.weights_folder() / "tokenizer.json"


@pytest.fixture(scope="module")
def plans(model_path, tokenizer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    return private_run.compile_model(model_path("minilm-layer-w8a8"), folder, _BUCKET,
                                     "--tokenizer", str(tokenizer)).plans


def _program(name, *arguments, **options):
    return subprocess.run([sys.executable, "-m", "tools.lib.text_programs", name, *arguments],
                          capture_output=True, text=True, check=False, cwd=private_run.ROOT,
                          **options)


def _local(plans, *arguments):
    done = _program("mpcc-local", "--plans", plans, "--json", *arguments,
                    stdin=subprocess.DEVNULL)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def _values(answer):
    return answer["outputs"]["sentence_embedding"]["values"]


@pytest.fixture(scope="module")
def expected(plans, tokenizer, tmp_path_factory):
    """The answer to the ids of _SHORT."""
    ids = tmp_path_factory.mktemp("ids") / "ids.json"
    sample, = tokenize.encode(tokenize.load(tokenizer), [_SHORT])
    ids.write_text(json.dumps(sample), encoding="utf-8")
    answer, = private_run.run_parties(plans, [ids])
    return _values(answer)


def _near(values, expected):
    """Roundings of one and the same input."""
    return values == pytest.approx(expected, abs=.05)


def test_local_takes_texts_beside_files_of_either_kind(plans, expected, tokenizer, tmp_path):
    in_text, in_ids = tmp_path / "text.json", tmp_path / "ids.json"
    in_text.write_text(json.dumps({"text": [_SHORT, "Another one"]}), encoding="utf-8")
    sample, = tokenize.encode(tokenize.load(tokenizer), [_SHORT])
    in_ids.write_text(json.dumps(sample["input_ids"]), encoding="utf-8")
    done, answers = _local(plans, "--input", in_ids, in_text, "--text", _SHORT)
    assert done.returncode == 0, done.stderr
    assert len(answers) == 4
    for same in (0, 1, 3):
        assert _near(_values(answers[same]), expected)
    assert not _near(_values(answers[2]), expected)


def test_texts_that_are_too_long_are_refused_unless_cutting_is_asked_for(plans):
    done, answers = _local(plans, "--text", _LONG, "--text", _SHORT)
    assert done.returncode == 1
    assert f"{_BUCKET}" in answers[0]["error"] and "outputs" in answers[1]
    done, answers = _local(plans, "--text", _LONG, "--text", _SHORT, "--truncate")
    assert done.returncode == 0, done.stderr
    assert all("outputs" in answer for answer in answers)


def test_a_tokenizer_may_be_named_and_is_needed(model_path, tokenizer, tmp_path, expected):
    plans = private_run.compile_model(model_path("minilm-layer-w8a8"), tmp_path, _BUCKET).plans
    done, _ = _local(plans, "--text", _SHORT)
    assert done.returncode == 1 and "no tokenizer" in done.stderr
    for named in (tokenizer, tokenizer.parent):
        done, answers = _local(plans, "--text", _SHORT, "--tokenizer", named)
        assert done.returncode == 0 and _near(_values(answers[0]), expected), done.stderr
    done, _ = _local(plans, "--text", _SHORT, "--tokenizer", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}: no tokenizer is there; --tokenizer names")


def test_serve_takes_lines_of_both_kinds_in_order(plans, tokenizer, tmp_path, expected):
    """With the data owner's program behind the tool, the others by themselves."""
    sample, = tokenize.encode(tokenize.load(tokenizer), [_SHORT])
    questions = [{"text": _SHORT}, sample["input_ids"], {"text": _LONG}, {"text": 7},
                 {"text": [_SHORT, _SHORT]}]
    peers = ",".join(f"127.0.0.1:{port}" for port in (*parties.free_ports(2), 1))
    common = ["--peers", peers, "--insecure", "--log", "warning"]

    def command(role):
        return ["--role", str(role), "--plan", str(plans / f"party{role}.plan"), "--state",
                str(tmp_path / f"state{role}"), *common, "serve", "--reconnect", "0"]

    others = [subprocess.Popen([private_run.BIN / "mpcc-party", *command(role)],
                               stdin=subprocess.DEVNULL) for role in (0, 2)]
    try:
        lines = "".join(json.dumps(question) + "\n" for question in questions)
        done = _program("mpcc-party", *command(1), input=lines)
        assert done.returncode == 0, done.stderr
    finally:
        for other in others:
            assert other.wait(30) == 0
    ready, *answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert ready["ready"] and len(answers) == 6
    assert ["error" in answer for answer in answers] == [False, False, True, True, False, False]
    for same in (0, 1, 4, 5):
        assert _near(_values(answers[same]), expected)


@pytest.mark.parametrize("line", [b"", b"no json", b"[1, 2]", b'{"input_ids": [1]}', b'{"text": 7}',
                                  b'{"text": ["a", 7]}', b"\xff", b'{"text": []}',
                                  b'{"text": "a", "input_ids": [1]}'])
def test_what_is_no_text_is_left_to_the_program(tokenizer, line):
    ids = text_programs.Ids(tokenizer.read_text(encoding="utf-8"), None)
    assert ids.instead(line) == line


def test_help_tells_of_texts(plans):
    done = _program("mpcc-local", "--help")
    assert "--plans" in done.stdout and "--truncate" in done.stdout


def test_other_parties_are_left_alone(plans, tmp_path):
    done = _program("mpcc-party", "--role", "2", "--plan", plans / "party2.plan", "--state",
                    tmp_path / "state", "stock")
    assert done.returncode == 1 and "Traceback" not in done.stderr


@pytest.mark.parametrize("name, options", [("mpcc-local", ["--text", "--tokenizer", "--truncate"]),
                                           ("mpcc-party", ["--tokenizer", "--truncate"])])
def test_manual_page_and_completion_tell_of_texts_as_help_does(name, options):
    said = {flag: _program(name, flag).stdout for flag in ("--help", "--man", "--completion")}
    for option in options:
        assert f"  {option}" in said["--help"]
        assert "\\fB" + option.replace("-", "\\-") + "\\fR\n" in said["--man"]
        assert f"{option} " in said["--completion"]
    assert "a tokenizer.json, or a model's folder, in place of the plan's" in said["--man"]


def test_types_are_left_out_where_they_say_nothing(tokenizer):
    ids = text_programs.Ids(tokenizer.read_text(encoding="utf-8"), None)
    assert set(json.loads(ids.of(["a", "text"]))) == {"input_ids", "attention_mask"}
