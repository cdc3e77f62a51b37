# SPDX-License-Identifier: Apache-2.0
"""Folders as sentence-transformers keeps them, against numpy over ONNX Runtime's vectors."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
import qdq_graph
from onnx import TensorProto
from qdq_graph import TOKENS, WIDTH, private_run

from tools.models import session as sessions
from tools.models import texts

_TEXTS = [[5, 9, 17], [30, 4, 77, 12, 8, 60], [7], [8, 9, 10, 11, 12, 13, 14, 15]]
_POOLED = {"mean": lambda x: x.mean(0), "cls": lambda x: x[0],
           "mean_sqrt_len_tokens": lambda x: x.sum(0) / np.sqrt(len(x))}


def _length_one(x):
    return x / np.linalg.norm(x)


def _attention(graph, number, weight, words_known=qdq_graph.VOCABULARY):
    """Vectors of tokens that see each other through attention; `number` may quantize."""
    words = graph.input("input_ids", shape=(1, "s"))
    mask = graph.op("Cast", graph.input("attention_mask", shape=(1, "s")), to=TensorProto.FLOAT)
    x = number(graph.op("Gather", graph.random.normal(
        size=(words_known, WIDTH)).astype(np.float32), words), 0.03)
    mask = graph.op("Unsqueeze", mask, np.array([1]))
    bias = graph.op("Mul", graph.op("Sub", 1.0, mask), -10000.0)
    queries, keys, values = (number(graph.op("MatMul", x, weight(0.002)), 0.03) for _ in range(3))
    scores = graph.op("MatMul", queries, graph.op("Transpose", keys, perm=[0, 2, 1]))
    seen = number(graph.op("Softmax", graph.op("Add", scores, bias), axis=-1), 1 / 127)
    y = graph.op("MatMul", number(graph.op("MatMul", seen, values), 0.03), weight(0.005))
    y = number(graph.op("Add", y, x), 0.05)
    return graph.op("MatMul", y, weight(0.005))


def _quantized(path):
    graph = qdq_graph.Graph(5)
    return graph.save(path, _attention(
        graph, graph.qdq, lambda scale: graph.weight(WIDTH, WIDTH, scale)))


def _float(path, words_known=qdq_graph.VOCABULARY):
    graph = qdq_graph.Graph(5)
    return graph.save(path, _attention(
        graph, lambda x, _: x,
        lambda scale: scale * 70 * graph.random.normal(size=(WIDTH, WIDTH)).astype(np.float32),
        words_known))


def _modules(folder, *kinds, pooling="mean_tokens"):
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    modules = [{"idx": i, "name": str(i), "path": "1_Pooling" if kind == "Pooling" else "",
                "type": f"sentence_transformers.models.{kind}"} for i, kind in enumerate(kinds)]
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "1_Pooling/config.json").write_text(
        json.dumps({f"pooling_mode_{pooling}": True}), encoding="utf-8")


def write_float_folder(folder):
    """As sentence-transformers keeps it, with MiniLM's tokenizer and a small encoder of floats."""
    (folder / "onnx").mkdir(parents=True)
    _modules(folder, "Transformer", "Pooling", "Normalize")
    _float(folder / "onnx/model.onnx", 30522)
    shutil.copy(texts.weights_folder() / "tokenizer.json", folder)
    return folder


@pytest.fixture(name="folder")
def _folder(tmp_path):
    folder = tmp_path / "model"
    (folder / "onnx").mkdir(parents=True)
    _modules(folder, "Transformer", "Pooling", "Normalize")
    return folder


def _mpcc(*arguments):
    return subprocess.run([private_run.BIN / "mpcc", *map(str, arguments)], capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, check=False)


def _samples(path):
    path.write_text("".join(json.dumps({"input_ids": text}) + "\n" for text in _TEXTS * 4),
                    encoding="utf-8")
    return path


def _vectors(model):
    """ONNX Runtime's vectors of the tokens of each text."""
    opened = sessions.open_session(str(model))
    for ids in _TEXTS:
        feeds = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)}
        yield opened.run(None, feeds)[0][0].astype(np.float64)


def _private(plans, scratch):
    (scratch / "ids.json").write_text(json.dumps({"input_ids": _TEXTS}), encoding="utf-8")
    for answer in private_run.run_parties(plans, [scratch / "ids.json"]):
        [output] = answer["outputs"].values()
        yield np.array(output["values"]).ravel()


def _cosines(private, expected):
    return [a @ b / np.linalg.norm(a) / np.linalg.norm(b)
            for a, b in zip(private, expected, strict=True)]


@pytest.mark.parametrize("pooling", _POOLED)
@pytest.mark.parametrize("normalize", [True, False])
def test_answers_are_those_of_the_modules(folder, tmp_path, pooling, normalize):
    model = _quantized(folder / "onnx/model.onnx")
    _modules(folder, "Transformer", "Pooling", *["Normalize"] * normalize,
             pooling={"mean": "mean_tokens", "cls": "cls_token"}.get(pooling, pooling))
    done = _mpcc("compile", folder, "--seq-len", TOKENS, "-o", tmp_path / "plans")
    assert done.returncode == 0, done.stderr
    assert f"model: {model}\npooling of tokens: {pooling}" in done.stdout
    expected = [_POOLED[pooling](vectors) for vectors in _vectors(model)]
    private = list(_private(tmp_path / "plans", tmp_path))
    assert min(_cosines(private, expected)) > 0.99
    lengths = [np.linalg.norm(x) for x in private]
    assert np.allclose(lengths, 1, atol=0.01) == normalize


def test_a_float_model_is_quantized_on_the_inputs(folder, tmp_path):
    model = _float(folder / "onnx/model.onnx")
    plans = tmp_path / "plans"
    ids = _samples(tmp_path / "ids.jsonl")
    done = _mpcc("compile", folder, "--seq-len", TOKENS, "--calibrate", ids, "-o", plans)
    assert done.returncode == 0, done.stderr
    assert f"quantized to 8 bits: {plans}/quantized.onnx" in done.stdout
    assert (plans / "quantized.onnx").stat().st_mode & 0o777 == 0o600
    expected = [_length_one(vectors.mean(0)) for vectors in _vectors(model)]
    assert min(_cosines(_private(plans, tmp_path), expected)) > 0.98
    again = _mpcc("verify", folder, f"--file={plans}/quantized.onnx", "--inputs", ids, "--least",
                  "0.9", "--seq-len", TOKENS)
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_float_model_without_inputs_says_what_to_give(folder, tmp_path):
    _float(folder / "onnx/model.onnx")
    _quantized(folder / "onnx/model_qint8.onnx")
    command = ["compile", folder, "--seq-len", TOKENS, "-o", tmp_path / "plans"]
    done = _mpcc(*command)
    assert done.returncode == 1
    assert "--calibrate, or name another file: --file=onnx/model_qint8.onnx" in done.stderr
    assert _mpcc(*command, "--file=onnx/model_qint8.onnx").returncode == 0


def test_what_does_not_fit_is_told_before_it_is_quantized(folder, tmp_path):
    _float(folder / "onnx/model.onnx")
    done = _mpcc("compile", folder, "--calibrate", _samples(tmp_path / "ids.jsonl"), "-o",
                 tmp_path / "plans")
    assert done.returncode == 1 and "give --seq-len=128" in done.stderr
    assert not (tmp_path / "plans").exists()


def test_a_float_file_is_quantized_when_told(tmp_path):
    model, plans = _float(tmp_path / "model.onnx"), tmp_path / "plans"
    command = ["compile", model, "--seq-len", TOKENS, "--pool", "mean", "-o", plans]
    done = _mpcc(*command, "--quantize")
    assert done.returncode == 1 and "give some with --calibrate" in done.stderr
    done = _mpcc(*command, "--quantize", "--calibrate", _samples(tmp_path / "ids.jsonl"))
    assert done.returncode == 0, done.stderr
    expected = [vectors.mean(0) for vectors in _vectors(model)]
    assert min(_cosines(_private(plans, tmp_path), expected)) > 0.98


@pytest.mark.parametrize(("modules", "pooling", "named"), [
    (["Pooling"], "max_tokens", "max pooling"),
    (["Pooling"], "weightedmean_tokens", "weightedmean pooling"),
    (["Pooling", "Dense", "Normalize"], "mean_tokens", "Dense")])
def test_modules_that_are_not_added_are_refused(folder, tmp_path, modules, pooling, named):
    _quantized(folder / "onnx/model.onnx")
    _modules(folder, "Transformer", *modules, pooling=pooling)
    command = ["compile", folder, "--seq-len", TOKENS, "-o", tmp_path / "plans"]
    done = _mpcc(*command)
    assert done.returncode == 1
    assert f"modules.json has {named}, which the ONNX file does not have; accepted: mean, " \
        "mean_sqrt_len_tokens and cls pooling, Normalize" in done.stderr
    done = _mpcc(*command, "--pool", "mean")
    assert done.returncode == 0
    assert f"warning: {folder}: modules.json has {named}, which is left out, since --pool=mean" \
        in done.stderr


def test_what_is_given_counts_and_contradictions_are_told(folder, tmp_path):
    model = _quantized(folder / "onnx/model.onnx")
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 4}', encoding="utf-8")
    done = _mpcc("compile", folder, "--seq-len", TOKENS, "--pool", "cls", "--no-normalize", "-o",
                 tmp_path / "plans")
    assert done.returncode == 0, done.stderr
    for told in ("modules.json has mean pooling, and --pool=cls counts",
                 "modules.json has Normalize, and --no-normalize counts",
                 "sentence_bert_config.json cuts texts at 4 tokens, and --seq-len=8 takes longer"):
        assert f"warning: {folder}: {told}" in done.stderr
    expected = [vectors[0] for vectors in _vectors(model)]
    assert min(_cosines(_private(tmp_path / "plans", tmp_path), expected)) > 0.99


def test_a_file_with_the_vector_of_a_text_needs_nothing_added(folder, tmp_path):
    import onnx

    graph = qdq_graph.Graph(5)
    vectors = _attention(graph, graph.qdq, lambda scale: graph.weight(WIDTH, WIDTH, scale))
    first = graph.op("Gather", vectors, np.array(0), axis=1)
    path = graph.save(folder / "onnx/model.onnx", vectors, first)
    model = onnx.load(path)
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = ["sentence_embedding" if name == first else name for name in names]
    model.graph.output[1].name = "sentence_embedding"
    onnx.save(model, path)
    _modules(folder, "Transformer", "Pooling", "Dense", pooling="max_tokens")
    done = _mpcc("compile", folder, "--seq-len", TOKENS, "-o", tmp_path / "plans")
    assert done.returncode == 0, done.stderr
    assert "taken to be in the file: sentence_embedding" in done.stdout
    assert re.search(rf"sentence_embedding +\[1, {WIDTH}\]", done.stdout)
    assert f"[1, {TOKENS}, {WIDTH}]" not in done.stdout


@pytest.mark.parametrize("command", [["compile"], ["check"], ["verify", "--inputs", "ids.jsonl"],
                                     ["calibrate", "--inputs", "ids.jsonl", "-o", "x.onnx"]])
def test_a_folder_without_a_model_says_what_to_do(command, tmp_path):
    done = _mpcc(*command, tmp_path)
    assert done.returncode == 1
    assert f"error: {tmp_path}: has no model.onnx" in done.stderr
    assert "remedy: export the model to ONNX" in done.stderr


def test_inspect_of_a_folder_names_what_it_reads(tmp_path):
    done = _mpcc("inspect", tmp_path)
    assert done.returncode == 1
    assert "a folder; accepted: a plan, such as party1.plan" in done.stderr
    assert f"mpcc compile {tmp_path} --output PLANS" in done.stderr


def test_a_folder_with_a_tokenizer_may_be_named(folder, tmp_path):
    model = _quantized(tmp_path / "model.onnx")
    command = ["compile", model, "--seq-len", TOKENS, "--pool", "mean", "--tokenizer", folder, "-o",
               tmp_path / "plans"]
    done = _mpcc(*command)
    assert done.returncode == 1 and not (tmp_path / "plans").exists()
    assert f"error: {folder}: no tokenizer.json is there" in done.stderr
    shutil.copy(texts.weights_folder() / "tokenizer.json", folder)
    (folder / "sentence_bert_config.json").write_text('{"do_lower_case": true}', encoding="utf-8")
    assert _mpcc(*command).returncode == 0
    lowering = _mpcc("inspect", folder, "--tokenizer").stdout
    assert _mpcc("inspect", tmp_path / "plans/party1.plan", "--tokenizer").stdout == lowering


def test_file_is_of_folders(tmp_path):
    done = _mpcc("check", _quantized(tmp_path / "model.onnx"), "--file=other.onnx")
    assert done.returncode == 1 and "is no folder" in done.stderr
