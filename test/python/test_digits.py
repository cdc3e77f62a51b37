# SPDX-License-Identifier: Apache-2.0
"""Results to the digits that their user sees: P1 gets the answer rounded, and never more of it."""

import json
import subprocess

import numpy as np
import pytest
import qdq_graph

from tools.lib import private_run

_BUCKET, _TEXTS = 16, ([3, 9, 27], [7, 1, 88, 4, 60, 12, 5, 9, 2], list(range(1, 17)))
_FRACTION = {0: 0, 2: 7, 4: 14}  # bits after the point, by digits


def _mpcc(*arguments):
    return subprocess.run([private_run.BIN / "mpcc", *map(str, arguments)], capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, check=False, timeout=300)


class _Asked:
    """The plans of a model with some options, and what three parties answer."""

    def __init__(self, model, folder, *options):
        folder.mkdir()
        private_run.compile_model(model, folder / "plans", _BUCKET, *options)
        (folder / "ids.json").write_text(json.dumps({"input_ids": _TEXTS}), encoding="utf-8")
        answers = private_run.run_parties(folder / "plans", [folder / "ids.json"])
        self.values = np.array([np.ravel(next(iter(answer["outputs"].values()))["values"])
                                for answer in answers], np.float64)
        self.rounds = {answer["stats"]["rounds"] for answer in answers}
        told = _mpcc("inspect", folder / "plans/party1.plan", "--json")
        self.plan = json.loads(told.stdout)
        self.learned = _mpcc("inspect", folder / "plans/party1.plan").stdout


@pytest.fixture(scope="module", params=["bert-test-w8a8", "bert-test-w1a4"])
def asked(request, model_path, tmp_path_factory):
    """By digits: none given, some, and all bits."""
    model, folder = model_path(request.param), tmp_path_factory.mktemp("digits")
    return {"model": model, None: _Asked(model, folder / "usual"),
            **{digits: _Asked(model, folder / str(digits), "--digits", str(digits))
               for digits in (0, 2, "all")}}


@pytest.mark.parametrize("digits", [0, 2, None])
def test_the_answer_is_rounded_to_the_nearest_step_and_is_the_answer_else(asked, digits):
    steps = 2.0 ** _FRACTION[4 if digits is None else digits]
    whole = asked["all"].values
    assert (asked[digits].values == np.floor(whole * steps + 0.5) / steps).all()
    assert (whole * 2.0 ** 14 != np.round(whole * 2.0 ** 14)).any(), "all bits tell no more"


def test_digits_take_two_or_three_rounds_as_predicted(asked):
    for run in (asked[digits] for digits in (None, 0, 2, "all")):
        assert run.rounds == {run.plan["programs"][0]["cost"]["rounds"]}
    before, = asked["all"].rounds
    for digits in (None, 0, 2):
        assert next(iter(asked[digits].rounds)) - before in (2, 3)


def test_the_plan_tells_how_many_digits_p1_learns(asked):
    assert "to 2 decimal digits after the point, 15 bits" in asked[2].learned
    assert "to 4 decimal digits after the point, 22 bits" in asked[None].learned
    assert "all 32 bits of its ring" in asked["all"].learned
    assert "all 32 bits" not in asked[2].learned


def test_verify_answers_as_three_parties_do(asked, tmp_path):
    inputs = tmp_path / "ids.jsonl"
    inputs.write_text("\n".join(map(json.dumps, _TEXTS)), encoding="utf-8")
    done = _mpcc("verify", asked["model"], "--inputs", inputs, "--seq-len", _BUCKET, "--digits", 2,
                 "--least", -1, "--json")
    assert done.returncode == 0, done.stderr
    found = [np.ravel(answer["values"]) for answer in json.loads(done.stdout)["answers"]]
    assert (np.array(found) == asked[2].values).all()


def test_all_that_is_wrong_with_digits_is_told_at_once(model_path):
    model = model_path("bert-test-w1a4")
    done = _mpcc("check", model, "--seq-len", 8, "--digits", "10,x,a=-1")
    assert done.returncode != 0
    assert all(text in done.stderr for text in ("'10'", "'x'", "'a=-1'", "accepted: 0 to 9"))
    done = _mpcc("check", model, "--seq-len", 8, "--digits", "logit=3,label=2")
    assert done.returncode != 0
    told = done.stdout + done.stderr
    assert "--digits of what is no result that is revealed" in told and "logits" in told
    done = _mpcc("check", model, "--seq-len", 8, "--digits", "logits=7")
    assert done.returncode != 0
    assert "0 to 6 digits here" in done.stdout + done.stderr


@pytest.mark.parametrize(("scale", "digits", "told"), [
    (1e-6, "4", True), (1e-6, "2", False), (1e-2, "4", False), (1e-6, "6", False)])
def test_results_of_few_steps_of_their_last_digit_are_told_of(tmp_path, scale, digits, told):
    graph = qdq_graph.Graph(seed=3)
    x = graph.embedding(graph.input("input_ids"))
    first = graph.op("Gather", x, graph.constant(np.int64(0)), axis=1)
    y = graph.op("MatMul", first, graph.weight(16, 16, scale))
    done = _mpcc("check", graph.save(tmp_path / "m.onnx", y), "--seq-len", 8, "--digits", digits)
    assert done.returncode == 0, done.stderr
    assert ("steps of the last one" in done.stderr) == told
