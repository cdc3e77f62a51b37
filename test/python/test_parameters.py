# SPDX-License-Identifier: Apache-2.0
"""Parameters behind quantizers and what exporters put before products fold into constants."""

import numpy as np
import pytest
import qdq_graph

_INPUTS = [qdq_graph.ids(seed) for seed in range(2)]


def _requantized(graph):
    return graph.qdq(graph.op("Identity", graph.weight(16, 16)), 0.0101, np.int8(1))


def _fake_quantized(graph):
    weight = graph.random.normal(0, 0.5, (16, 16)).astype(np.float32)
    return graph.qdq(graph.constant(weight), 0.015)


def _per_channel_rows(graph):
    weight = graph.constant(graph.random.normal(0, 0.5, (16, 16)).astype(np.float32))
    scale, zero = np.full(16, 0.012, np.float32) * np.arange(1, 17, dtype=np.float32) / 8, np.zeros(
        16, np.int8)
    q = graph.quantize(weight, scale, zero, axis=0)
    return graph.op("Transpose", graph.dequantize(q, scale, zero, axis=0), perm=[1, 0])


def _sliced(graph):
    fused = graph.weight(16, 48)
    bounds = [graph.constant(np.array([v], np.int64)) for v in (16, 32, 1)]
    return graph.op("Slice", fused, *bounds)


def _scaled(graph):
    return graph.op("Mul", graph.weight(16, 16), 0.5)


@pytest.mark.parametrize("weight", [_requantized, _fake_quantized, _per_channel_rows, _sliced,
                                    _scaled])
@pytest.mark.parametrize("opset", [13, 21])
def test_parameter_is_folded(tmp_path, weight, opset):
    graph = qdq_graph.Graph(opset=opset)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), weight(graph))
    model = graph.save(tmp_path / "m.onnx", x)
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.999


def test_weight_is_shared_by_layers_and_read_as_a_real(tmp_path):
    graph = qdq_graph.Graph()
    shared = graph.weight(16, 16)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), shared)
    y = graph.op("MatMul", graph.qdq(x, 0.1), graph.qdq(shared, 0.0102, np.int8(-3)))
    row = graph.op("Slice", shared, *(graph.constant(np.array([v], np.int64)) for v in (0, 1, 0)))
    model = graph.save(tmp_path / "m.onnx", graph.op("Add", y, row))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.999


def test_embedding_is_tied_to_a_head(tmp_path):
    graph = qdq_graph.Graph()
    table = graph.weight(qdq_graph.VOCABULARY, 16)
    x = graph.qdq(graph.op("Gather", table, graph.input("input_ids")), 0.01)
    x = graph.qdq(graph.op("MatMul", x, graph.weight(16, 16)), 0.1)
    head = graph.op("Transpose", table, perm=[1, 0])
    model = graph.save(tmp_path / "m.onnx", graph.op("MatMul", x, head))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.995
