# SPDX-License-Identifier: Apache-2.0
"""Masks of every form and size give what ONNX Runtime gives, or the input is refused."""

import json
import subprocess

import numpy as np
import pytest
import qdq_graph
from onnx import TensorProto
from qdq_graph import TOKENS, Graph

_FLOAT_MIN = float(np.finfo(np.float32).min)


def _attention(graph, masked, probability_scale=1 / 255):
    """One head over 8 tokens; `masked` makes of scores what softmax reads."""
    x = graph.embedding(graph.input("input_ids"))
    q, k, v = (graph.qdq(graph.op("MatMul", x, graph.weight(16, 16)), 0.09) for _ in range(3))
    scores = graph.op("MatMul", q, graph.op("Transpose", k, perm=[0, 2, 1]))
    scores = masked(graph, graph.op("Div", scores, 8.0))
    p = graph.qdq(graph.op("Softmax", scores, axis=-1), probability_scale, np.uint8(0))
    return graph.op("MatMul", p, v)


def _additive(graph, low):
    """(1 - mask) * low of an integer mask, over keys."""
    mask = graph.input("attention_mask")
    axes = graph.constant(np.array([1], np.int64))
    real = graph.op("Cast", graph.op("Unsqueeze", mask, axes), to=TensorProto.FLOAT)
    return graph.op("Mul", graph.op("Sub", 1.0, real), low)


def _model(path, masked):
    graph = Graph(seed=3)
    return graph.save(path, _attention(graph, masked))


def _inputs(lengths=(3, 5, 8)):
    return [{**qdq_graph.ids(length, length),
             "attention_mask": [1] * length + [0] * (TOKENS - length)} for length in lengths]


@pytest.mark.parametrize("low", [_FLOAT_MIN, -1e9, -10000.0, -100.0, -3.0, -0.5])
def test_additive_masks_of_any_size_are_added(tmp_path, low):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op("Add", s, _additive(g, low)))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


@pytest.mark.parametrize("low", [_FLOAT_MIN, -10000.0, -3.0])
def test_selected_masks_replace_scores(tmp_path, low):
    def masked(graph, scores):
        mask = graph.input("attention_mask")
        axes = graph.constant(np.array([1], np.int64))
        kept = graph.op("Cast", graph.op("Unsqueeze", mask, axes), to=TensorProto.BOOL)
        return graph.op("Where", kept, scores, low)

    model = _model(tmp_path / "m.onnx", masked)
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


def test_float_masks_of_each_query_are_added(tmp_path):
    def masked(graph, scores):
        bias = graph.input("bias", TensorProto.FLOAT, (1, TOKENS**2))
        shape = graph.constant(np.array([1, TOKENS, TOKENS], np.int64))
        return graph.op("Add", scores, graph.op("Reshape", bias, shape))

    model = _model(tmp_path / "m.onnx", masked)
    random = np.random.default_rng(1)
    inputs = [{**qdq_graph.ids(seed), "bias": [
        float(x) for x in np.where(random.random(TOKENS**2) < 0.3, -30, random.normal(size=64))]}
        for seed in range(3)]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.995


def test_constant_biases_of_positions_are_added(tmp_path):
    bias = np.random.default_rng(5).normal(size=(1, TOKENS, TOKENS)).astype(np.float32)
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op(
        "Add", g.op("Add", s, bias), _additive(g, _FLOAT_MIN)))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


def _bias(seed=5):
    return np.random.default_rng(seed).normal(size=(1, TOKENS, TOKENS)).astype(np.float32)


def _kept(graph):
    """Truth of an integer mask, over keys."""
    axes = graph.constant(np.array([1], np.int64))
    mask = graph.op("Unsqueeze", graph.input("attention_mask"), axes)
    return graph.op("Cast", mask, to=TensorProto.BOOL)


def _causal(low):
    return np.triu(np.full((1, TOKENS, TOKENS), low, np.float32), 1)


@pytest.mark.parametrize("masked", [
    lambda g, s: g.op("Add", g.op("Add", s, _additive(g, _FLOAT_MIN)), _bias()),
    lambda g, s: g.op("Add", g.op("Add", s, _additive(g, -10000.0)), _bias()),
    lambda g, s: g.op("Sub", g.op("Add", _bias(6), g.op("Add", s, _additive(g, _FLOAT_MIN))),
                      _bias()),
    lambda g, s: g.op("Sum", s, _additive(g, _FLOAT_MIN), _bias()),
    lambda g, s: g.op("Add", g.op("Where", _kept(g), s, _FLOAT_MIN), _bias()),
], ids=["float min", "ten thousand", "among biases", "in a sum", "a choice"])
def test_biases_behind_a_mask_are_added_to_scores(tmp_path, masked):
    model = _model(tmp_path / "m.onnx", masked)
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


@pytest.mark.parametrize("masked", [
    lambda g, s: g.op("Add", g.op("Add", s, _additive(g, _FLOAT_MIN)), _types(g, -10000.0)),
    lambda g, s: g.op("Add", g.op("Where", _kept(g), s, _FLOAT_MIN), _types(g, -1.5)),
    lambda g, s: g.op("Where", _kept(g), g.op("Add", s, _types(g, -2.5)), -1.5),
    lambda g, s: g.qdq(g.op("Sub", g.op("Add", s, _additive(g, _FLOAT_MIN)), _types(g, 2.5)), 0.1),
], ids=["two that drop", "a choice and a summand", "a summand and a number", "before a quantizer"])
def test_two_masks_are_both_there(tmp_path, masked):
    model = _model(tmp_path / "m.onnx", masked)
    inputs = [{**given, "token_type_ids": [0, 1, 0, 0, 1, 0, 1, 0]} for given in _inputs()]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.995


def _types(graph, low):
    """What another mask adds, of the tokens of type 1."""
    axes = graph.constant(np.array([1], np.int64))
    types = graph.op("Unsqueeze", graph.input("token_type_ids"), axes)
    return graph.op("Mul", graph.op("Cast", types, to=TensorProto.FLOAT), low)


@pytest.mark.parametrize("number", [0.5, 3.0])
def test_a_number_above_the_scores_takes_their_place(tmp_path, number):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op("Where", _kept(g), s, number))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


def _swapped(graph, scores):
    return graph.op("Transpose", scores, perm=[0, 2, 1])


def test_masks_that_are_clipped_may_be_scaled(tmp_path):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op(
        "Mul", g.op("Add", s, g.op("Max", _additive(g, _FLOAT_MIN), -20.0)), 0.5))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


# Nothing but a softmax knows infinity.
@pytest.mark.parametrize("masked, node", [
    (lambda g, s: g.op("Max", g.op("Add", s, _additive(g, _FLOAT_MIN)), -50.0), "Add"),
    (lambda g, s: g.op("Mul", g.op("Add", s, _additive(g, _FLOAT_MIN)), 0.5), "Add"),
    (lambda g, s: _swapped(g, _swapped(g, g.op("Add", s, _additive(g, _FLOAT_MIN)))), "Add"),
    (lambda g, s: g.op("Add", g.qdq(g.op("Add", s, _additive(g, _FLOAT_MIN)), 0.16), _bias()),
     "Add"),
    (lambda g, s: g.op("Neg", g.op("Sub", _additive(g, -_FLOAT_MIN), s)), "Sub"),
    (lambda g, s: g.op("Max", g.op("Add", s, _causal(_FLOAT_MIN)), -50.0), "Add"),
], ids=["clipped", "scaled", "transposed", "quantized and biased", "negated", "constant"])
def test_infinity_elsewhere_is_refused(tmp_path, masked, node):
    model = _model(tmp_path / "m.onnx", masked)
    done = subprocess.run([qdq_graph.private_run.BIN / "mpcc", "compile", model, "-o",
                           tmp_path / "plans"], capture_output=True, text=True)
    assert done.returncode != 0 and not (tmp_path / "plans").exists()
    line = next(line for line in done.stderr.splitlines() if "stand for infinity" in line)
    assert f"({node})" in line and "before they are masked" in line


# What ONNX Runtime's static quantization leaves: a step that swallows all scores where padding was
# among the calibration inputs, and an end near the scores where it was not.
@pytest.mark.parametrize("low, scale, zero", [
    (_FLOAT_MIN, -_FLOAT_MIN / 255, np.int8(127)), (_FLOAT_MIN, 0.2, np.int8(0)),
    (-20000.0, 78.4, np.uint8(255)), (-10000.0, 0.1, np.int8(20)), (-10000.0, 0.08, np.uint8(99))])
def test_quantizer_of_masked_scores_is_what_the_file_says(tmp_path, low, scale, zero):
    model = _model(tmp_path / "m.onnx",
                   lambda g, s: g.qdq(g.op("Add", s, _additive(g, low)), scale, zero))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


def _plans(folder, scale, zero):
    folder.mkdir()
    model = _model(folder / "m.onnx", lambda g, s: g.qdq(
        g.op("Add", s, _additive(g, _FLOAT_MIN)), scale, np.int8(zero)))
    qdq_graph.private_run.compile_model(model, folder, TOKENS)
    return [folder / f"party{p}.plan" for p in range(3)]


def test_the_quantizer_of_masked_scores_stays_private(tmp_path):
    plans = [[plan.read_bytes() for plan in _plans(tmp_path / str(zero), scale, zero)]
             for scale, zero in ((0.1, 120), (0.2, 3), (0.3, -20))]
    assert plans[0][0] != plans[1][0]
    assert all(plan[1:] == plans[0][1:] for plan in plans)


def _steps(plan):
    """What a plan does, without its set and how its inputs are padded."""
    text = subprocess.run([qdq_graph.private_run.BIN / "mpcc", "inspect", "--steps", plan],
                          capture_output=True, text=True, check=True).stdout
    return [line for line in text.splitlines() if not line.startswith(("plan of ", "  input "))]


@pytest.mark.parametrize("scale, zero", [(-_FLOAT_MIN / 255, 120), (0.05, -100)])
def test_a_quantizer_that_loses_the_mask_tells_only_that(tmp_path, scale, zero):
    loses = _plans(tmp_path / "loses", scale, zero)
    keeps = _plans(tmp_path / "keeps", 0.2, 3)
    for ours, theirs in zip(loses[1:], keeps[1:], strict=True):
        assert _steps(ours) == _steps(theirs)


def test_quantized_mask_is_added(tmp_path):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op(
        "Add", s, g.qdq(_additive(g, _FLOAT_MIN), -_FLOAT_MIN / 255, np.int8(127))))
    assert qdq_graph.least_cosine(model, tmp_path, _inputs()) > 0.995


def test_all_masked_rows_behind_a_quantizer_attend_to_all(tmp_path):
    model = _model(tmp_path / "m.onnx",
                   lambda g, s: g.qdq(g.op("Add", s, _additive(g, -10000.0)), 0.2))
    inputs = [{**qdq_graph.ids(1), "attention_mask": [0] * TOKENS}]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.995


def test_all_masked_rows_attend_by_scores_while_floats_hold_them(tmp_path):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op("Add", s, _additive(g, -10000.0)))
    inputs = [{**qdq_graph.ids(1), "attention_mask": [0] * TOKENS}]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.995


def test_all_masked_rows_beyond_floats_are_refused(tmp_path):
    model = _model(tmp_path / "m.onnx", lambda g, s: g.op("Add", s, _additive(g, _FLOAT_MIN)))
    qdq_graph.private_run.compile_model(model, tmp_path / "plans", TOKENS)
    (tmp_path / "ids.json").write_text(
        json.dumps({**qdq_graph.ids(1), "attention_mask": [0] * TOKENS}), encoding="utf-8")
    done = subprocess.run(
        [qdq_graph.private_run.BIN / "mpcc-local", "--plans", tmp_path / "plans", "--input",
         tmp_path / "ids.json"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "masks that keep at least one position" in done.stderr


def test_coarse_quantizer_is_named(tmp_path):
    model = _model(tmp_path / "m.onnx",
                   lambda g, s: g.qdq(g.op("Add", s, _additive(g, _FLOAT_MIN)), 1.3e36,
                                      np.int8(127)))
    command = [qdq_graph.private_run.BIN / "mpcc", "compile", model, "-o", tmp_path / "plans"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "a quantizer with a step of 1.3e+36" in done.stderr and "QuantizeLinear_" in done.stderr
