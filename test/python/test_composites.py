# SPDX-License-Identifier: Apache-2.0
"""Composites with quantizers between their steps, as static quantization of all leaves them."""

import numpy as np
import pytest
import qdq_graph

_INPUTS = [qdq_graph.ids(seed) for seed in range(3)]
_STEP = 0.043


def _layer_norm(graph, x, width=16):
    def fine(value, scale):
        return graph.qdq(value, scale)

    centred = fine(graph.op("Sub", x, fine(graph.op("ReduceMean", x, axes=[-1]), 0.03)), 0.1)
    variance = graph.op("ReduceMean", fine(graph.op("Pow", centred, 2.0), 1.0), axes=[-1])
    deviation = graph.op("Sqrt", graph.op("Add", fine(variance, 0.2), 1e-12))
    normal = fine(graph.op("Div", centred, fine(deviation, 0.04)), 0.03)
    gamma = graph.random.uniform(0.5, 1.5, width).astype(np.float32)
    scaled = fine(graph.op("Mul", normal, gamma), 0.03)
    return fine(graph.op("Add", scaled, graph.random.normal(size=width).astype(np.float32)), 0.04)


def _by_default(graph, x, width=16, variance=0.06, total=0.059):
    """With quantizers where ONNX Runtime's static quantization puts them; None: no variance's."""
    def rounded(value, scale, zero):
        return graph.qdq(value, scale, zero) if variance else value

    centred = graph.op("Sub", x, graph.op("ReduceMean", x, axes=[-1]))
    square = graph.op("ReduceMean", graph.op("Pow", centred, 2.0), axes=[-1])
    shifted = graph.op("Add", rounded(square, variance, np.int8(-128)), 1e-5)
    deviation = graph.op("Sqrt", rounded(shifted, total, np.int8(-128)))
    normal = graph.qdq(graph.op("Div", centred, deviation), 0.027, np.int8(-5))
    gamma = graph.random.uniform(0.5, 1.5, width).astype(np.float32)
    scaled = graph.qdq(graph.op("Mul", normal, gamma), 0.031, np.int8(9))
    beta = graph.random.normal(size=width).astype(np.float32)
    return graph.qdq(graph.op("Add", scaled, beta), _STEP, np.int8(3))


@pytest.mark.parametrize(("variance", "least"), [(0.06, 0.97), (None, 0.9)])
def test_quantizers_of_the_runtimes_default_round(tmp_path, variance, least):
    """Nearly all integers are the file's, where the variance is rounded too."""
    graph = qdq_graph.Graph(seed=4)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 16))
    y = _by_default(graph, graph.qdq(x, 0.04, np.int8(7)), variance=variance)
    model = graph.save(tmp_path / "m.onnx", y)
    pairs = zip(qdq_graph.private_answers(model, tmp_path, _INPUTS),
                qdq_graph.expected_answers(model, _INPUTS), strict=True)
    assert min(np.mean(np.abs(a - b) < _STEP / 100) for a, b in pairs) > least


def _rows(graph, ids, variances):
    """A row of the given variance for each id, of secrets: what P1 knows times one."""
    pattern = graph.random.normal(size=16)
    pattern = (pattern - pattern.mean()) / pattern.std()
    table = (np.sqrt(variances)[:, None] * pattern + 0.3).astype(np.float32)
    unit = graph.dequantize(graph.constant(100 * np.eye(16, dtype=np.int8)), 0.01)
    return graph.op("MatMul", graph.qdq(graph.op("Gather", table, ids), 0.04), unit)


# A hundred times the variance that its quantizer was made for is beyond the row's quantizer.
@pytest.mark.parametrize("end", [0.05, 0.011 * 255])
def test_rows_of_any_variance_are_the_files(tmp_path, end):
    """From rows of one number, by those whose variance rounds to zero, to far beyond its end."""
    graph = qdq_graph.Graph(seed=5)
    variances = np.array([0, 0.0001, 0.0006, 0.01, 0.3, 1, 2, 2.5, 3, 4.5, 9, 100]) * end
    x = _rows(graph, graph.input("input_ids"), variances)
    y = _by_default(graph, graph.qdq(x, 0.04), variance=end / 255, total=end / 250)
    model = graph.save(tmp_path / "m.onnx", y)
    inputs = [{"input_ids": [*range(8)]}, {"input_ids": [*range(4, 12)]}]
    for private, expected in zip(qdq_graph.private_answers(model, tmp_path, inputs),
                                 qdq_graph.expected_answers(model, inputs), strict=True):
        assert np.abs(private - expected).max() < _STEP / 100


def test_a_variance_in_steps_too_small_for_its_rows_is_refused(tmp_path):
    graph = qdq_graph.Graph(seed=5)
    x = _rows(graph, graph.input("input_ids"), np.array([1.0]))
    model = graph.save(tmp_path / "m.onnx", _by_default(graph, graph.qdq(x, 0.04), variance=1e-5))
    with pytest.raises(RuntimeError, match="(?s)ReduceMean.*a variance of rows that may reach"):
        qdq_graph.private_run.compile_model(model, tmp_path / "plans", qdq_graph.TOKENS)


def test_what_the_data_owner_normalizes_between_quantizers_is_the_files(tmp_path):
    graph = qdq_graph.Graph(seed=4)
    y = _by_default(graph, graph.embedding(graph.input("input_ids")), variance=0.02)
    model = graph.save(tmp_path / "m.onnx", graph.op("MatMul", y, graph.weight(16, 8)))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.99999


@pytest.mark.parametrize("opset", [11, 13, 17])
def test_layer_norm_in_nine_pieces_between_quantizers(tmp_path, opset):
    graph = qdq_graph.Graph(opset=opset)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 16))
    y = _layer_norm(graph, graph.qdq(x, 0.1))
    model = graph.save(tmp_path / "m.onnx", graph.op("MatMul", y, graph.weight(16, 8)))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.995  # steps of 8 bits
