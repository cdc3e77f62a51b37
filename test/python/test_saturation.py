# SPDX-License-Identifier: Apache-2.0
"""A quantizer whose range ends at zero is a ReLU that ONNX Runtime left out."""

import numpy as np
import pytest
import qdq_graph


def _two_layers(path, scale, zero, seed=1):
    graph = qdq_graph.Graph(seed)
    hidden = graph.op("MatMul", graph.embedding(graph.input("input_ids")), graph.weight(16, 32))
    hidden = graph.op("Add", hidden, graph.random.normal(size=32).astype(np.float32))
    return graph.save(path, graph.op("MatMul", graph.qdq(hidden, scale, zero), graph.weight(32, 4)))


# Seven bits reach what the clip must take away; the other end of the range is far outside.
@pytest.mark.parametrize("zero", [np.int8(-128), np.uint8(0), np.int8(127), np.uint8(255)])
def test_range_that_ends_at_zero_clips_there(tmp_path, zero):
    model = _two_layers(tmp_path / "m.onnx", 0.05, zero)
    inputs = [qdq_graph.ids(seed) for seed in range(3)]
    assert qdq_graph.least_cosine(model, tmp_path, inputs) > 0.999


@pytest.mark.parametrize("zeros", [(np.int8(-100), np.int8(17)), (np.uint8(1), np.uint8(254))])
def test_other_zero_points_stay_private(tmp_path, zeros):
    plans = []
    for zero in zeros:
        folder = tmp_path / str(zero)
        folder.mkdir()
        model = _two_layers(folder / "m.onnx", 0.1, zero)
        qdq_graph.private_run.compile_model(model, folder, qdq_graph.TOKENS)
        plans.append([(folder / f"party{p}.plan").read_bytes() for p in range(3)])
    assert plans[0][1:] == plans[1][1:]
