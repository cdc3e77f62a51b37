# SPDX-License-Identifier: Apache-2.0
"""Normalizations whose epsilon, or least norm, is no smaller than what they normalize."""

import subprocess

import numpy as np
import pytest
import qdq_graph

from tools.lib import private_run

_INPUTS = [qdq_graph.ids(seed) for seed in range(3)]


def _model(folder, scale, tail):
    """What `tail` makes of a linear layer whose results are about as large as `scale`."""
    graph = qdq_graph.Graph(seed=3)
    x = graph.embedding(graph.input("input_ids"))
    rows = graph.op("MatMul", x, graph.weight(16, 16, scale / 300))
    return graph.save(folder / "m.onnx", tail(graph, rows))


def _normalized(epsilon):
    def tail(graph, rows):
        ones, zeros = np.ones(16, np.float32), np.zeros(16, np.float32)
        return graph.op("LayerNormalization", rows, ones, zeros, axis=-1, epsilon=epsilon)
    return tail


def _of_length_one(least):
    def tail(graph, rows):
        first = graph.op("Gather", rows, graph.constant(np.int64(0)), axis=1)
        norm = graph.op("ReduceL2", first, axes=[-1], keepdims=1)
        return graph.op("Div", first, graph.op("Clip", norm, least))
    return tail


def _largest_deviation(model, folder):
    pairs = zip(qdq_graph.private_answers(model, folder, _INPUTS),
                qdq_graph.expected_answers(model, _INPUTS), strict=True)
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)


@pytest.mark.parametrize(("scale", "epsilon"), [(1, 1e-5), (3e-3, 1e-5), (1e-3, 1e-5), (1, 10.0),
                                                (1e-6, 1e-12)])
def test_layer_norm_divides_by_its_epsilon_too(tmp_path, scale, epsilon):
    model = _model(tmp_path, scale, _normalized(epsilon))
    assert _largest_deviation(model, tmp_path) < 0.02


def test_a_vector_below_the_least_norm_keeps_its_size(tmp_path):
    model = _model(tmp_path, 1e-2, _of_length_one(0.5))
    assert _largest_deviation(model, tmp_path) < 0.05


def _warnings(model):
    ran = subprocess.run([private_run.BIN / "mpcc", "check", model, "--seq-len", "8"],
                         capture_output=True, text=True, check=True)
    return ran.stderr


@pytest.mark.parametrize(("scale", "tail", "words"), [
    (1e-7, _normalized(1e-5), "an epsilon so far above their squares"),
    (0.1, _of_length_one(0.5), "a least norm of 0.5")])
def test_what_a_private_run_does_not_follow_is_told(tmp_path, scale, tail, words):
    assert words in _warnings(_model(tmp_path, scale, tail))


@pytest.mark.parametrize("tail", [_normalized(1e-5), _of_length_one(1e-12)])
def test_usual_ones_are_not_told_of(tmp_path, tail):
    assert "epsilon" not in (told := _warnings(_model(tmp_path, 1, tail))) and "least" not in told
