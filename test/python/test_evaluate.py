# SPDX-License-Identifier: Apache-2.0
"""tools/evaluate on the program in the interpreter: the bounds checked hold, and can fail."""

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


def test_no_normalized_row_of_the_shipped_model_wraps_at_its_quantizer():
    # A column of layer 1 reaches 63.7 steps of its quantizer in it.
    sentence = texts.encode("The film was too long.")
    sites = private_run.verify(_SHIPPED, [sentence], "16", "--each-site")["sites"]
    assert sites and not [site for site in sites if site["wrapped"] or site["farther"]]
