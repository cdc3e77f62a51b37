# SPDX-License-Identifier: Apache-2.0
"""tools/evaluate on the program in the interpreter: the bounds checked hold, and can fail."""

import json

import pytest

from tools.lib import evaluate


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
    assert found["least_cosine"] == min(found["cosines"]) > 0.99  # without random rounding
    assert found["mean_cosine_to_float"] > 0.995


def test_a_model_of_one_layer_is_not_the_float_model(arguments, capsys):
    assert evaluate.main([*arguments("minilm-layer-w8a8"), "--count", "4", "--buckets", "32"]) == 1
    assert "below the bound: mean_cosine_to_float" in capsys.readouterr().out
