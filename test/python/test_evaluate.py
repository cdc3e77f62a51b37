# SPDX-License-Identifier: Apache-2.0
"""Answers of the program in the interpreter, and its integers where each site is fed ONNX Runtime's
own: the bounds that are checked hold, and can fail."""

import json
from pathlib import Path

import pytest

from tools.lib import evaluate, private_run
from tools.models import texts

_SHIPPED = Path(__file__).resolve().parents[2] / "models/minilm-w1a4.onnx"


@pytest.fixture(scope="module")
def arguments(model_path):
    return lambda model: ["--model", model_path(model), "--float", model_path("minilm-float"),
                          "--verify", "--check"]


def test_minilm_by_mpcc_quantize_keeps_to_the_bounds(arguments, tmp_path, capsys):
    report = tmp_path / "report.json"
    status = evaluate.main([*arguments("minilm-w8a8"), "--count", "12",
                            "--buckets", "16,32", "--json", str(report)])
    print(capsys.readouterr().out)
    found = json.loads(report.read_text())
    assert status == 0
    assert len(found["cosines"]) == 12
    assert found["least_cosine"] == min(found["cosines"]) > 0.995
    assert found["mean_cosine_to_float"] > 0.995


def test_a_model_of_one_layer_is_not_the_float_model(arguments, capsys):
    assert evaluate.main([*arguments("minilm-layer-w8a8"), "--count", "4", "--buckets", "32"]) == 1
    assert "below the bound: mean_cosine_to_float" in capsys.readouterr().out


def test_the_shipped_model_is_near_its_file(tmp_path):
    report = tmp_path / "report.json"
    assert evaluate.main(["--model", str(_SHIPPED), "--float", "", "--verify", "--count", "12",
                          "--buckets", "16,32", "--json", str(report)]) == 0
    # 4-bit steps: an integer that is one off moves an answer.
    assert json.loads(report.read_text())["mean_cosine"] > 0.985


# Of 6, 3, 22 and 56 tokens. A column of layer 1 of the shipped model reaches 63.7 steps of its
# quantizer in the first.
_FED = ["The film was too long.", *(texts.sentences()[i] for i in (0, 140, 20))]


def _each_site(model, sentences, *options):
    inputs = [texts.encode(sentence) for sentence in sentences]
    return private_run.verify(model, inputs, "16,32,64", "--each-site", *options)


@pytest.mark.parametrize(("model", "share"), [("minilm-w1a4", 0.985), ("minilm-w8a8", 0.97)])
def test_most_integers_are_the_files_and_none_is_off_by_two(model, share, model_path):
    found = _each_site(_SHIPPED if model == _SHIPPED.stem else model_path(model), _FED)
    wrong = [site for site in found["sites"] if site["wrapped"] or site["farther"]]
    assert found["integers"] > 1_000_000
    assert found["equal"] >= share
    assert not wrong


def test_coarse_rows_make_other_integers(model_path):
    found = _each_site(model_path("minilm-w8a8"), _FED[:2], "--policy", "wide-norm-width=14")
    assert found["equal"] < 0.97
    assert found["farther"] > 0
