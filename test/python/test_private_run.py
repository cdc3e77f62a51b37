# SPDX-License-Identifier: Apache-2.0
"""Whole private inferences: ONNX file, compiler, three processes with mutual TLS, answer."""

import json

import numpy as np
import pytest

from tools.lib import private_run
from tools.models import oracle

_BUCKET = 16
_LENGTHS = (3, 9, _BUCKET)


def _encoded(tokens):
    """Ids that every test model's vocabulary has, padded to the bucket."""
    pad = [0] * (_BUCKET - tokens)
    return {"input_ids": [1 + 7 * i % 90 for i in range(tokens)] + pad,
            "attention_mask": [1] * tokens + pad, "token_type_ids": [0] * _BUCKET}


def _flat(values):
    return np.asarray(values, np.float64).ravel()


def _private_answers(model, folder):
    """One answer for each of _LENGTHS, from one set-up of the three parties."""
    private_run.compile_model(model, folder / "plans", _BUCKET)
    files = [folder / f"ids{tokens}.json" for tokens in _LENGTHS]
    for path, tokens in zip(files, _LENGTHS, strict=True):
        path.write_text(json.dumps(_encoded(tokens)), encoding="utf-8")
    return private_run.run_parties(folder / "plans", files)


def test_private_embeddings_point_where_onnx_runtimes_do(model_path, tmp_path):
    model = model_path("minilm-layer-w8a8")
    reference = oracle.Oracle(model)
    for tokens, answer in zip(_LENGTHS, _private_answers(model, tmp_path), strict=True):
        private = _flat(answer["outputs"]["sentence_embedding"]["values"])
        expected = _flat(reference.run(_encoded(tokens))["sentence_embedding"])
        cosine = private @ expected / np.linalg.norm(private) / np.linalg.norm(expected)
        assert cosine > 0.99, f"{tokens} tokens"


# A four-bit activation moves by 1/15 of its range when a rounding flips, and random weights of
# one bit pass that on to the logits: the bounds are loose there. The replay tests are exact.
@pytest.mark.parametrize("name, bound", [("bert-test-w1a4", 1.0), ("bert-test-w8a8", 0.15)])
def test_private_logits_are_near_onnx_runtimes(model_path, tmp_path, name, bound):
    model = model_path(name)
    reference = oracle.Oracle(model)
    for tokens, answer in zip(_LENGTHS, _private_answers(model, tmp_path), strict=True):
        private = _flat(answer["outputs"]["logits"]["values"])
        expected = _flat(reference.run(_encoded(tokens))["logits"])
        assert np.abs(private - expected).max() < bound, f"{tokens} tokens"


def test_every_inference_costs_the_same(model_path, tmp_path):
    counts = ("rounds", "messages_p1_to_p2", "messages_p2_to_p1", "bytes_p1_to_p2",
              "bytes_p2_to_p1", "material_bytes")
    answers = _private_answers(model_path("bert-test-w1a4"), tmp_path)
    costs = {tuple(answer["stats"][key] for key in counts) for answer in answers}
    assert len(costs) == 1 and min(costs.pop()) > 0


def test_a_missing_plan_is_named(tmp_path):
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps(_encoded(3)), encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"party[012]\.plan: cannot open"):
        private_run.run_parties(tmp_path / "nowhere", [ids])
