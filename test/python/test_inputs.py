# SPDX-License-Identifier: Apache-2.0
"""Inputs by what the graph does with them: names, padding, batches, exact lengths."""

import json
import subprocess

import numpy as np
import qdq_graph
from onnx import TensorProto
from qdq_graph import TOKENS, private_run

_PAD = 2


def _sentence(path, keep):
    """A product of all tokens; `keep` gives a mask [1, tokens] or nothing."""
    graph = qdq_graph.Graph(3)
    words = graph.input("input.1")
    table = graph.random.normal(size=(qdq_graph.VOCABULARY, qdq_graph.WIDTH)).astype(np.float32)
    x = graph.op("Gather", table, words)
    mask = keep(graph, words)
    if mask:
        x = graph.op("Mul", x, graph.op("Unsqueeze", mask, np.array([2])))
    x = graph.op("Reshape", graph.qdq(x, 0.03), np.array([1, -1]))
    return graph.save(path, graph.op("MatMul", x, graph.weight(TOKENS * qdq_graph.WIDTH, 4)))


def _mask_of_ids(graph, words):
    other = graph.op("Not", graph.op("Equal", words, np.array(_PAD)))
    return graph.op("Cast", other, to=TensorProto.FLOAT)


def _mask_input(graph, _):
    return graph.op("Cast", graph.input("keep"), to=TensorProto.FLOAT)


def _values(answer):
    return np.asarray(next(iter(answer["outputs"].values()))["values"], np.float64)


def _ask(folder, inputs):
    (folder / "ids.json").write_text(json.dumps(inputs), encoding="utf-8")
    return private_run.run_parties(folder / "plans", [folder / "ids.json"])


def _refusal(folder, inputs):
    (folder / "ids.json").write_text(json.dumps(inputs), encoding="utf-8")
    done = subprocess.run([private_run.BIN / "mpcc-local", "--plans", folder / "plans", "--input",
                           folder / "ids.json"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    return done.stderr


def test_pad_id_of_the_graph_pads(tmp_path):
    model = _sentence(tmp_path / "m.onnx", _mask_of_ids)
    private_run.compile_model(model, tmp_path / "plans", TOKENS)
    ids = [5, 9, 17]
    expected = qdq_graph.expected_answers(model, [{"input.1": ids + [_PAD] * (TOKENS - 3)}])[0]
    for inputs in (ids, {"input.1": ids}, {"input_ids": [ids]}):
        [answer] = _ask(tmp_path, inputs)
        assert qdq_graph.cosine(_values(answer), expected) > 0.999
    assert "takes \"input.1\" (or \"input_ids\")" in _refusal(tmp_path, {"ids_": ids})


def test_rows_of_a_batch_are_answered_in_order(tmp_path):
    model = _sentence(tmp_path / "m.onnx", _mask_input)
    private_run.compile_model(model, tmp_path / "plans", TOKENS)
    rows = [[5, 9, 17], [30, 4], [7, 8, 9, 10]]
    masks = [[True] * len(row) for row in rows]
    padded = [{"input.1": row + [0] * (TOKENS - len(row)),
               "keep": [1] * len(row) + [0] * (TOKENS - len(row))} for row in rows]
    answers = _ask(tmp_path, {"input_ids": rows, "attention_mask": masks})
    expected = qdq_graph.expected_answers(model, padded)
    for answer, right in zip(answers, expected, strict=True):
        assert qdq_graph.cosine(_values(answer), right) > 0.999
    assert "2 rows" in _refusal(tmp_path, {"input_ids": rows, "keep": masks[:2]})


def test_padding_that_nothing_masks_is_refused(tmp_path):
    model = _sentence(tmp_path / "m.onnx", lambda graph, words: None)
    private_run.compile_model(model, tmp_path / "plans", TOKENS)
    assert "results of this model depend on padding" in _refusal(tmp_path, [5, 9, 17])
    whole = list(range(3, 3 + TOKENS))
    [answer] = _ask(tmp_path, whole)
    expected = qdq_graph.expected_answers(model, [{"input.1": whole}])[0]
    assert qdq_graph.cosine(_values(answer), expected) > 0.999
    checked = subprocess.run([private_run.BIN / "mpcc", "check", model], check=True,
                             capture_output=True, text=True).stdout
    assert "ids, exact length" in checked
