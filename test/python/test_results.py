# SPDX-License-Identifier: Apache-2.0
"""Vectors of tokens that are pooled in private, against numpy over ONNX Runtime's vectors."""

import json
import subprocess

import numpy as np
import pytest
import qdq_graph
from onnx import TensorProto
from qdq_graph import TOKENS, private_run

from tools.models import session as sessions

_PAD, _BUCKETS = 1, f"{TOKENS // 2},{TOKENS}"
_TEXTS = [[5, 9, 17], [30, 4, 77, 12, 8, 60], [7], [8, 9, 10, 11, 12, 13, 14, 15]]


def _encoder(path, keep, end=lambda graph, vectors, mask: vectors):
    """Vectors of tokens that see each other as far as `keep`, a mask [1, s] of the ids, says."""
    graph = qdq_graph.Graph(5)
    words = graph.input("input_ids", shape=(1, "s"))
    x = graph.embedding(words)
    mask = graph.op("Unsqueeze", keep(graph, words), np.array([1]))
    bias = graph.op("Mul", graph.op("Sub", 1.0, mask), -10000.0)
    keys = graph.op("MatMul", x, graph.weight(qdq_graph.WIDTH, qdq_graph.WIDTH, 0.002))
    keys = graph.op("Transpose", graph.qdq(keys, 0.03), perm=[0, 2, 1])
    scores = graph.op("MatMul", x, keys)
    seen = graph.qdq(graph.op("Softmax", graph.op("Add", scores, bias), axis=-1), 1 / 127)
    y = graph.op("Add", graph.qdq(graph.op("MatMul", seen, x), 0.03), x)
    vectors = graph.op("MatMul", graph.qdq(y, 0.05),
                       graph.weight(qdq_graph.WIDTH, qdq_graph.WIDTH, 0.005))
    return graph.save(path, end(graph, vectors, mask))


def _mask_input(graph, _):
    return graph.op("Cast", graph.input("attention_mask", shape=(1, "s")), to=TensorProto.FLOAT)


def _mask_of_ids(graph, words):
    other = graph.op("Not", graph.op("Equal", words, np.array(_PAD)))
    return graph.op("Cast", other, to=TensorProto.FLOAT)


def _no_mask(graph, words):
    return graph.op("Cast", graph.op("GreaterOrEqual", words, np.array(0)), to=TensorProto.FLOAT)


def _vectors(path):
    """ONNX Runtime's vectors of each text, [tokens, width], without padding."""
    opened = sessions.open_session(str(path))
    names = [i.name for i in opened.get_inputs()]
    for ids in _TEXTS:
        feeds = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)}
        yield opened.run(None, {name: feeds[name] for name in names})[0][0].astype(np.float64)


def _sum_by_the_root(graph, vectors, mask):
    """As torch writes sentence-transformers' pooling_mode_mean_sqrt_len_tokens."""
    spread = graph.op("Expand", graph.op("Transpose", mask, perm=[0, 2, 1]),
                      graph.op("Shape", vectors))
    total = graph.op("ReduceSum", graph.op("Mul", vectors, spread), np.array([1]), keepdims=0)
    count = graph.op("Clip", graph.op("ReduceSum", spread, np.array([1]), keepdims=0), 1e-9)
    return graph.op("Div", total, graph.op("Sqrt", count))


def _mean_of_what_is_not_dropped(graph, vectors, _):
    """As torch writes E5's masked_fill(~mask, 0).sum(1) / mask.sum(1)."""
    mask = "attention_mask"
    dropped = graph.op("Not", graph.op("Cast", graph.op("Unsqueeze", mask, np.array([2])),
                                       to=TensorProto.BOOL))
    total = graph.op("ReduceSum", graph.op("Where", dropped, 0.0, vectors), np.array([1]),
                     keepdims=0)
    count = graph.op("Unsqueeze", graph.op("ReduceSum", mask, np.array([1]), keepdims=0),
                     np.array([1]))
    return graph.op("Div", total, graph.op("Cast", count, to=TensorProto.FLOAT))


def _length_one(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


_POOLED = {
    ("--pool", "mean"): lambda x: x.mean(0),
    ("--pool", "mean", "--normalize"): lambda x: _length_one(x.mean(0)),
    ("--pool", "mean_sqrt_len_tokens"): lambda x: x.sum(0) / np.sqrt(len(x)),
    ("--pool", "mean_sqrt_len_tokens", "--normalize"): lambda x: _length_one(x.mean(0)),
    ("--pool", "cls"): lambda x: x[0],
    ("--pool", "cls", "--normalize"): lambda x: _length_one(x[0]),
    ("--pool", "none", "--normalize"): lambda x: _length_one(x),
}


def _private(folder, model, lengths, options, texts):
    private_run.compile_model(model, folder / "plans", lengths, *options)
    (folder / "ids.json").write_text(json.dumps({"input_ids": texts}), encoding="utf-8")
    for answer in private_run.run_parties(folder / "plans", [folder / "ids.json"]):
        [output] = answer["outputs"].values()
        yield np.array(output["values"]).reshape(output["shape"])[0]


def _check(private, expected):
    """Random rounding was off by at most 0.03, a mean that counts padding by at least 0.25."""
    off = np.linalg.norm(private[:len(expected)] - expected) / np.linalg.norm(expected)
    assert off < 0.1, off


@pytest.mark.parametrize("options", _POOLED, ids=" ".join)
def test_private_pooling_is_that_of_the_tokens_vectors(tmp_path, options):
    model = _encoder(tmp_path / "m.onnx", _mask_input)
    answers = _private(tmp_path, model, _BUCKETS, options, _TEXTS)
    for private, vectors in zip(answers, _vectors(model), strict=True):
        _check(private, _POOLED[options](vectors))


@pytest.mark.parametrize("end", [_sum_by_the_root, _mean_of_what_is_not_dropped])
def test_a_file_that_pools_itself_gives_what_the_runtime_gives(tmp_path, end):
    model = _encoder(tmp_path / "m.onnx", _mask_input, end)
    answers = _private(tmp_path, model, _BUCKETS, (), _TEXTS)
    for private, expected in zip(answers, _vectors(model), strict=True):
        _check(private, expected)


def test_padding_that_ids_tell_is_not_in_the_mean(tmp_path):
    model = _encoder(tmp_path / "m.onnx", _mask_of_ids)
    answers = _private(tmp_path, model, _BUCKETS, ("--pool", "mean"), _TEXTS)
    for private, vectors in zip(answers, _vectors(model), strict=True):
        _check(private, vectors.mean(0))


def test_means_without_any_mask_are_of_exact_lengths(tmp_path):
    model = _encoder(tmp_path / "m.onnx", _no_mask)
    lengths = ",".join(str(len(text)) for text in sorted(_TEXTS, key=len))
    answers = _private(tmp_path, model, lengths, ("--pool", "mean"), _TEXTS)
    for private, vectors in zip(answers, _vectors(model), strict=True):
        _check(private, vectors.mean(0))
    shown = subprocess.run([private_run.BIN / "mpcc", "inspect", tmp_path / "plans/party1.plan"],
                           check=True, capture_output=True, text=True).stdout
    assert shown.count("ids, exact length") == len(_TEXTS)


def test_verify_compares_what_the_plan_reveals(tmp_path):
    model = _encoder(tmp_path / "m.onnx", _mask_input)
    (tmp_path / "ids.jsonl").write_text("\n".join(map(json.dumps, _TEXTS)), encoding="utf-8")
    done = subprocess.run([private_run.BIN / "mpcc", "verify", model, "--inputs",
                           tmp_path / "ids.jsonl", "--pool", "mean", "--normalize", "--json"],
                          check=True, capture_output=True, text=True)
    answers = json.loads(done.stdout)["answers"]
    for answer, vectors in zip(answers, _vectors(model), strict=True):
        _check(np.array(answer["values"]), _length_one(vectors.mean(0)))
