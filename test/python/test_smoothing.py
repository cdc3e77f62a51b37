# SPDX-License-Identifier: Apache-2.0
"""Float models that `mpcc quantize` smooths compile: no factor of a column is without a place."""

import json
import subprocess

import numpy as np
import pytest
import qdq_graph
from qdq_graph import TOKENS, VOCABULARY, WIDTH

from tools.lib import private_run

_TURNED = {"perm": [0, 2, 1]}


def _context(graph, x):
    """Attention without a layer behind it."""
    queries, keys, values = (graph.op("MatMul", x, _matrix(graph)) for _ in range(3))
    scores = graph.op("MatMul", queries, graph.op("Transpose", keys, **_TURNED))
    return graph.op("MatMul", graph.op("Softmax", scores, axis=-1), values)


def _matrix(graph, rows=WIDTH):
    return 0.2 * graph.random.normal(size=(rows, WIDTH)).astype(np.float32)


def _halves(graph, x):
    """Two rows of half the width in place of a row, and the other way round."""
    pairs = graph.op("Reshape", x, np.array([1, 2 * TOKENS, WIDTH // 2]))
    return graph.op("Reshape", graph.op("Relu", pairs), np.array([1, TOKENS, WIDTH]))


# What the layer behind reads.
_FORMS = {
    "residual": lambda graph, x: graph.op("Add", _context(graph, x), x),
    "difference": lambda graph, x: graph.op("Sub", x, _context(graph, x)),
    "scaled": lambda graph, x: graph.op("Mul", graph.op("Add", x, _context(graph, x)), 0.5),
    "function": lambda graph, x: graph.op("Relu", graph.op("Add", x, _context(graph, x))),
    "projected": lambda graph, x: graph.op(
        "Add", graph.op("MatMul", _context(graph, x), _matrix(graph)), x),
    "turned": lambda graph, x: graph.op(
        "Transpose", graph.op("MatMul", x, _matrix(graph)), **_TURNED),
    "halves": lambda graph, x: _halves(graph, graph.op("MatMul", x, _matrix(graph))),
}


@pytest.mark.parametrize("form", _FORMS)
def test_what_is_smoothed_compiles(form, tmp_path):
    graph = qdq_graph.Graph(3)
    table = graph.random.normal(size=(VOCABULARY, WIDTH)).astype(np.float32)
    table *= np.geomspace(0.2, 5, WIDTH, dtype=np.float32)  # some columns stick out
    x = graph.op("Gather", table, graph.input("input_ids"))
    y = _FORMS[form](graph, x)
    path = graph.save(tmp_path / "float.onnx", graph.op(
        "MatMul", y, _matrix(graph, TOKENS if form == "turned" else WIDTH)))
    samples = tmp_path / "ids.jsonl"
    samples.write_text("".join(json.dumps(qdq_graph.ids(seed)) + "\n" for seed in range(24)),
                       encoding="utf-8")
    quantized = tmp_path / "quantized.onnx"
    done = subprocess.run([private_run.BIN / "mpcc", "quantize", path, "--inputs", samples, "-o",
                           quantized], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    inputs = [qdq_graph.ids(seed) for seed in (100, 101, 102)]
    private = qdq_graph.private_answers(quantized, tmp_path, inputs)
    for own, expected in zip(private, qdq_graph.expected_answers(path, inputs), strict=True):
        assert qdq_graph.cosine(own, expected) > 0.99
