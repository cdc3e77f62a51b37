# SPDX-License-Identifier: Apache-2.0
"""Composites with quantizers between their steps, as static quantization of all leaves them."""

import numpy as np
import pytest
import qdq_graph

_INPUTS = [qdq_graph.ids(seed) for seed in range(3)]


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


@pytest.mark.parametrize("opset", [11, 13, 17])
def test_layer_norm_in_nine_pieces_between_quantizers(tmp_path, opset):
    graph = qdq_graph.Graph(opset=opset)
    x = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 16))
    y = _layer_norm(graph, graph.qdq(x, 0.1))
    model = graph.save(tmp_path / "m.onnx", graph.op("MatMul", y, graph.weight(16, 8)))
    assert qdq_graph.least_cosine(model, tmp_path, _INPUTS) > 0.995  # steps of 8 bits
