# SPDX-License-Identifier: Apache-2.0
"""The oracle's command line, and comparison of embeddings."""

import json

import numpy as np
import pytest

from tools.lib import private_run
from tools.models import __main__ as make_model
from tools.models import compare, oracle, quantized_minilm, registry, texts


def test_text_and_its_written_ids_give_the_same_answer(model_path, tmp_path):
    model, ids = model_path("minilm-layer-w8a8"), tmp_path / "ids.json"
    outs = [tmp_path / "text.json", tmp_path / "ids-answer.json"]
    text = ["--text", "The cat sat on the mat.", "--write-ids", str(ids)]
    assert oracle.main(["--model", model, *text, "--out", str(outs[0])]) == 0
    assert oracle.main(["--model", model, "--ids", str(ids), "--out", str(outs[1])]) == 0
    assert outs[0].read_text() == outs[1].read_text()
    encoded = json.loads(ids.read_text())
    assert len(encoded["input_ids"]) == 16 and sum(encoded["attention_mask"]) == 9
    assert np.array(json.loads(outs[0].read_text())["sentence_embedding"]).shape == (1, 384)


def test_intermediate_tensors_come_by_name(model_path):
    name = "encoder/layer.0/attention/scaled_output"
    opened = oracle.Oracle(model_path("bert-test-w1a4"), [name])
    assert opened.run({"input_ids": [1, 2, 3]})[name].shape == (1, 2, 3, 3)


def test_unknown_tensor_is_named_in_the_error(model_path):
    with pytest.raises(ValueError, match="no tensor 'nowhere'"):
        oracle.Oracle(model_path("bert-test-w1a4"), ["nowhere"])


def test_text_beyond_the_largest_bucket_is_an_error(capsys):
    assert oracle.main(["--text", "word " * 40, "--bucket", "8,16"]) == 1
    assert "42 tokens do not fit the largest length 16" in capsys.readouterr().err


def test_compare_sees_cosine_and_neighbours():
    ours = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]])
    same = compare.compare(ours, ours * 3)
    assert (same.least_cosine, same.same_neighbour) == (pytest.approx(1), 1)
    other = compare.compare(ours, ours[::-1])
    assert other.least_cosine == pytest.approx(0)


def test_second_make_returns_the_file_untouched(tmp_path, capsys):
    args = ["bert", "--out", str(tmp_path), "--name", "small", "--layers", "1", "--hidden", "16",
            "--heads", "1", "--intermediate", "16", "--vocab", "20", "--positions", "16"]
    assert make_model.main(args) == 0
    before = (tmp_path / "small.onnx").stat().st_mtime_ns
    assert make_model.main(args) == 0
    assert (tmp_path / "small.onnx").stat().st_mtime_ns == before
    assert make_model.main([*args, "--seed", "2"]) == 0
    assert (tmp_path / "small.onnx").stat().st_mtime_ns != before


def test_unknown_model_is_refused_with_the_choices(capsys):
    with pytest.raises(SystemExit):
        make_model.main(["gpt"])
    assert "minilm-w8a8" in capsys.readouterr().err
    assert texts.BUCKETS == (16, 32, 64, 128)


def test_without_a_compiler_the_error_says_to_build_it(tmp_path, monkeypatch):
    monkeypatch.setattr(private_run, "BIN", tmp_path)
    with pytest.raises(RuntimeError, match="build it first"):
        private_run.quantize_model("float.onnx", [], tmp_path / "out.onnx")


def test_a_recipe_changes_with_the_compilers_sources(monkeypatch, tmp_path):
    module, options = registry.MODELS["minilm-layer-w8a8"]
    before = registry.recipe_key(module, options)
    (tmp_path / "other.cc").write_text("// another recipe\n")
    found = quantized_minilm.sources()
    assert any(path.name == "smoothing.cc" for path in found)
    monkeypatch.setattr(quantized_minilm, "sources", lambda: [*found, tmp_path / "other.cc"])
    assert registry.recipe_key(module, options) != before
