# SPDX-License-Identifier: Apache-2.0
"""Quantizers whose results are read as reals: a private run rounds and clips as the file says."""

import numpy as np
import pytest
import qdq_graph

_INPUTS = [qdq_graph.ids(seed) for seed in range(3)]
_ZERO, _SHIFTED = np.int8(0), np.int8(-11)


def _share_of_equal(model, folder, step, *options):
    """Share of the elements that are the file's, to a hundredth of a step."""
    pairs = zip(qdq_graph.private_answers(model, folder, _INPUTS, *options),
                qdq_graph.expected_answers(model, _INPUTS), strict=True)
    return min(float(np.mean(np.abs(a - b) < step / 100)) for a, b in pairs)


class _Layer:
    """A linear layer on an embedding, and what is made of it."""

    def __init__(self, seed=3):
        self.graph = qdq_graph.Graph(seed)
        self.x = self.graph.embedding(self.graph.input("input_ids"))
        self.y = self.linear(self.x)

    def linear(self, x, width=16):
        return self.graph.op("MatMul", x, self.graph.weight(16, width, 0.021))

    def coarse(self, x, scale=0.37, zero=_SHIFTED):
        return self.graph.qdq(x, scale, zero)


def _result(layer):
    return layer.coarse(layer.y)


def _clipped(layer):
    return layer.coarse(layer.y, 0.0137)


def _of_zero_on(layer):
    return layer.coarse(layer.y, 0.137, np.uint8(0))


def _to_zero(layer):
    return layer.coarse(layer.y, 0.137, np.int8(127))


def _bias_behind(layer):
    bias = layer.graph.random.normal(size=16).astype(np.float32)
    return layer.coarse(layer.graph.op("Add", layer.coarse(layer.y), bias), 0.41, np.int8(5))


def _sum(layer):
    other = layer.coarse(layer.linear(layer.x), 0.211, np.uint8(130))
    return layer.coarse(layer.graph.op("Add", layer.coarse(layer.y), other), 0.53)


def _taken_from_one(layer):
    return layer.coarse(layer.graph.op("Sub", 1.0, layer.y))


def _taken_from_a_row(layer):
    row = layer.graph.random.normal(size=16).astype(np.float32)
    return layer.coarse(layer.graph.op("Sub", row, layer.coarse(layer.y)), 0.31, np.uint8(117))


def _taken_from_a_value(layer):
    return layer.coarse(layer.graph.op("Sub", layer.x, layer.y), 0.41)


def _difference_of_layers(layer):
    return layer.coarse(layer.graph.op("Sub", layer.y, layer.linear(layer.x)), 0.53)


def _of_rank_five(layer):
    shapes = [layer.graph.constant(np.array(shape)) for shape in ([1, 8, 2, 2, 4], [1, 8, 16])]
    deep = layer.coarse(layer.graph.op("Reshape", layer.y, shapes[0]))
    return layer.graph.op("Reshape", deep, shapes[1])


def _twice(layer):
    return layer.coarse(layer.coarse(layer.y), 0.531, _ZERO)


def _scaled_by_column(layer):
    row = layer.graph.random.uniform(-2, 2, 16).astype(np.float32)
    return layer.coarse(layer.graph.op("Mul", layer.coarse(layer.y), row), 0.73)


def _behind_a_function(layer):
    return layer.coarse(layer.graph.op("Tanh", layer.coarse(layer.y, 0.05)), 0.11)


def _behind_a_function_of_scaled_ones(layer):
    row = layer.graph.random.uniform(-2, 2, 16).astype(np.float32)
    scaled = layer.graph.op("Mul", layer.coarse(layer.y, 0.05), row)
    return layer.coarse(layer.graph.op("Tanh", scaled), 0.11)


def _four_bits(layer):
    graph = layer.graph
    q = graph.op("Clip", graph.quantize(layer.y, 0.9), graph.constant(np.int8(-8)),
                 graph.constant(np.int8(7)))
    return graph.dequantize(q, 0.9)


# Roundings alone: a sum of few bits below its steps would move some across a boundary.
_FINE = ("--policy", "narrow-fold-bits=7")


@pytest.mark.parametrize(("tail", "step"), [
    (_result, 0.37), (_clipped, 0.0137), (_of_zero_on, 0.137), (_to_zero, 0.137),
    (_bias_behind, 0.41), (_sum, 0.53), (_taken_from_one, 0.37), (_taken_from_a_row, 0.31),
    (_taken_from_a_value, 0.41), (_difference_of_layers, 0.53), (_of_rank_five, 0.37),
    (_twice, 0.531), (_scaled_by_column, 0.73),
    (_behind_a_function, 0.11), (_behind_a_function_of_scaled_ones, 0.11), (_four_bits, 0.9)])
def test_results_are_whole_steps_of_the_file(tmp_path, tail, step):
    layer = _Layer()
    model = layer.graph.save(tmp_path / "m.onnx", tail(layer))
    assert _share_of_equal(model, tmp_path, step, *_FINE) > 0.97


@pytest.mark.parametrize("difference", [
    lambda layer: layer.graph.op("Sub", 1.0, layer.y),
    lambda layer: layer.graph.op("Sub", layer.x, layer.y)])
def test_zero_points_behind_differences(tmp_path, difference):
    """Of an operand: what is added for its zero point is not taken away from the subtrahend."""
    layer = _Layer()
    y = layer.linear(layer.graph.qdq(difference(layer), 0.05, np.int8(31)))
    model = layer.graph.save(tmp_path / "m.onnx", y)
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.9995


def test_what_reads_them_sees_the_rounding(tmp_path):
    """A coarse residual stream, as default static quantization leaves it: sums, a normalization."""
    layer = _Layer()
    graph = layer.graph
    stream = layer.coarse(graph.op("Add", layer.coarse(layer.y, 1.1), layer.x), 1.7)
    gamma, beta = (graph.random.uniform(0.5, 1.5, 16).astype(np.float32) for _ in range(2))
    normal = layer.coarse(graph.op("LayerNormalization", stream, gamma, beta), 0.02)
    last = layer.coarse(graph.op("Add", layer.linear(normal), normal), 0.7)
    model = graph.save(tmp_path / "m.onnx", last)
    inputs = _INPUTS
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.9995
    assert qdq_graph.least_cosine(model, tmp_path, inputs, "--policy", "rounded-bits=0") < 0.999


def test_scores_before_a_softmax_are_rounded(tmp_path):
    graph = qdq_graph.Graph(seed=5)
    x = graph.embedding(graph.input("input_ids"))
    mask = graph.op("Mul", graph.op("Sub", 1.0, graph.op(
        "Cast", graph.op("Unsqueeze", graph.input("attention_mask"),
                         graph.constant(np.array([1]))), to=1)), -10000.0)
    q, k, v = (graph.qdq(graph.op("MatMul", x, graph.weight(16, 16)), 0.02) for _ in range(3))
    scores = graph.op("MatMul", q, graph.op("Transpose", k, perm=[0, 2, 1]))
    scores = graph.qdq(graph.op("Add", graph.qdq(scores, 0.3), mask), 0.31, np.int8(100))
    weights = graph.qdq(graph.op("Softmax", scores, axis=-1), 1 / 255, np.uint8(0))
    context = graph.qdq(graph.op("MatMul", weights, v), 0.02)
    model = graph.save(tmp_path / "m.onnx", context)
    inputs = [one | {"attention_mask": [1] * length + [0] * (8 - length)}
              for one, length in zip(_INPUTS, (8, 5, 2), strict=True)]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.999
