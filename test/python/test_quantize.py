# SPDX-License-Identifier: Apache-2.0
"""Distillation into quantized models, from a folder with a BERT to a private answer."""

import dataclasses
import json
import re
import subprocess

import numpy as np
import onnx
import pytest
import torch
from small_teacher import rows_of, run_tool, student_of, write_teacher

from tools.lib import private_run
from tools.models import oracle, ranges, texts
from tools.quantize import config, distill, evaluate, export, student, teacher, text, verify


def test_the_file_has_the_widths_and_ranges(distilled):
    model = onnx.load(distilled)
    onnx.checker.check_model(model, full_check=True)
    assert len(ranges.load(model)) > 40
    report = subprocess.run([private_run.BIN / "mpcc", "check", distilled, "--seq-len", "16"],
                            capture_output=True, text=True, check=True).stdout
    for product, count in (("int4 x int1 per channel weights, 14-bit ring", 8),
                           ("int4 x int1 weights, 16-bit ring", 4),
                           ("int4 x int4, 22-bit ring", 2), ("uint4 x int4, 18-bit ring", 2)):
        assert re.search(rf"{re.escape(product)} +{count}\n", report), report


def test_the_private_answer_is_near_onnx_runtimes(distilled, tmp_path):
    private_run.compile_model(distilled, tmp_path / "plans", 16)
    reference = oracle.Oracle(str(distilled))
    files = []
    for i, sentence in enumerate(("Good morning", "The train to the coast was late again.")):
        files.append(tmp_path / f"{i}.json")
        files[-1].write_text(json.dumps(texts.encode(sentence, 16)), encoding="utf-8")
    for path, answer in zip(files, private_run.run_parties(tmp_path / "plans", files)):
        private = np.array(answer["outputs"]["sentence_embedding"]["values"]).ravel()
        encoded = json.loads(path.read_text(encoding="utf-8"))
        expected = np.array(reference.run(encoded)["sentence_embedding"]).ravel()
        assert private @ expected / np.linalg.norm(private) > 0.95


def test_every_wire_of_a_distilled_model_is_the_interpreters(distilled):
    done = subprocess.run([private_run.BIN / "replay-model", distilled, "8"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wires equal") == 2


def test_training_learns(small_teacher, lines, tmp_path):
    loaded = teacher.load(small_teacher)
    run = distill.Run(loaded, rows_of(small_teacher, lines), config.Widths(1, 4), loaded.shape,
                      distill.Options(steps=60, batch=16, rate=2e-3), tmp_path)
    run.train()
    start = run.ends[1]
    first, last = (np.mean([h[0] for h in part])
                   for part in (run.history[start : start + 5], run.history[-5:]))
    assert last < 0.9 * first


def test_a_stopped_run_goes_on_as_if_it_had_not(small_teacher, lines, tmp_path):
    rows, shape = rows_of(small_teacher, lines), teacher.load(small_teacher).shape

    def run(folder):
        return distill.Run(teacher.load(small_teacher), rows, config.Widths(1, 4), shape,
                           distill.Options(steps=10, batch=4), tmp_path / folder)

    whole = run("whole").train().state_dict()
    run("halves").train(until=7)
    halves = run("halves").train().state_dict()
    assert all(torch.equal(whole[name], halves[name]) for name in whole)
    with pytest.raises(ValueError, match="is of another run"):
        distill.Run(teacher.load(small_teacher), rows, config.Widths(1, 8), shape,
                    distill.Options(steps=10, batch=4), tmp_path / "halves").train()


def test_a_run_starts_from_a_stage_of_another(small_teacher, lines, tmp_path):
    rows, loaded = rows_of(small_teacher, lines), teacher.load(small_teacher)
    options, shape = distill.Options(steps=8, batch=4), loaded.shape.of_student("relu", dense=True)
    distill.Run(loaded, rows, config.Widths(1, 4), shape, options, tmp_path / "first").train()
    middle = student.load(tmp_path / "first/stage1.pt")
    assert (middle.widths.weights, middle.widths.activations) == (1, 8)
    word = middle.embeddings.word.detach()
    assert torch.equal(word[text.PADDING], word[rows[0][-1, 0]])
    still = dataclasses.replace(options, rate=1e-12)
    run = distill.Run(loaded, rows, config.Widths(1, 4), shape, still, tmp_path / "second",
                      start=middle)
    assert run.ends == [8]
    last = run.train().state_dict()
    assert not torch.allclose(last["dense.weight"], torch.eye(32), atol=1e-4)
    scales = "layers.0.up.log_scale"
    assert not torch.allclose(last[scales], middle.state_dict()[scales], atol=1e-4)
    for name in ("dense.weight", "embeddings.word", "layers.1.down.weight"):
        assert torch.allclose(last[name], middle.state_dict()[name], atol=1e-8)
        if name != "dense.weight":
            assert not torch.allclose(last[name], loaded.state_dict()[name], atol=1e-6)
    again = student.load(tmp_path / "second/student.pt").state_dict()
    assert all(torch.equal(last[name], again[name]) for name in last)
    with pytest.raises(ValueError, match="not a student that"):
        student.load(tmp_path / "second/checkpoint.pt")


def test_a_student_of_equal_widths_keeps_its_steps(small_teacher, lines, tmp_path):
    rows, loaded = rows_of(small_teacher, lines), teacher.load(small_teacher)
    widths = config.Widths()
    options = distill.Options(steps=6, batch=4, rate=1e-12, step_rate=1e-12)
    relu = loaded.shape.of_student("relu")
    first = student.student_of(loaded, widths, relu)
    for i, site in enumerate(first.sites().values()):
        site.log_step.data.fill_(-0.1 * i)
    first.layers[0].up.log_scale.data.fill_(-4.5)
    run = distill.Run(loaded, rows, widths, loaded.shape.of_student("relu", dense=True), options,
                      tmp_path / "same", start=first)
    trained = run.train(until=1)
    for name, site in trained.sites().items():
        assert float(site.log_step.detach()) == pytest.approx(float(first.sites()[name].log_step))
    for kept in (trained, student.student_of(first, config.Widths(1, 8), relu)):
        assert torch.allclose(kept.layers[0].up.log_scale, torch.tensor(-4.5))
    wider = student.student_of(first, config.Widths(4, 8), relu)
    assert not hasattr(wider.layers[0].up, "log_scale")
    assert not student.student_of(first, widths, loaded.shape).settled
    assert not student.student_of(first, config.Widths(1, 8), relu).settled


def test_a_student_without_scales_gets_the_ones_it_had(small_teacher, tmp_path):
    model, path = student_of(small_teacher, config.Widths()), tmp_path / "student.pt"
    student.save(model, path)
    saved = torch.load(path)
    scales = [name for name in saved["state"] if "log_scale" in name]
    assert len(scales) == 12
    for name in scales:
        del saved["state"][name]
    torch.save(saved, path)
    assert all(torch.equal(a, b) for a, b in zip(
        student.load(path).state_dict().values(), model.state_dict().values(), strict=True))
    del saved["state"]["layers.0.up.bias"]
    torch.save(saved, path)
    with pytest.raises(ValueError, match="student.pt: a student without layers.0.up.bias"):
        student.load(path)


def test_a_new_dense_layer_changes_nothing(small_teacher, lines, tmp_path):
    rows = rows_of(small_teacher, lines)[:8]
    plain, model = (student_of(small_teacher, config.Widths(1, 4), dense=dense)
                    for dense in (False, True))
    assert np.allclose(evaluate.outputs(model, rows), evaluate.outputs(plain, rows), atol=1e-6)
    with pytest.raises(ValueError, match="this model classifies into 2 labels"):
        dataclasses.replace(model.shape, labels=2)
    with pytest.raises(ValueError, match="has a dense layer: give --dense too"):
        distill.Run(teacher.load(small_teacher), rows, model.widths, plain.shape,
                    distill.Options(steps=4, batch=4), tmp_path, start=model)


@pytest.mark.parametrize("function, widths, dense", [
    ("relu", config.Widths(2, 3), True), ("gelu", config.Widths(4, 8, embeddings=4), False),
    ("gelu", config.Widths(1, 4, layers=((1, 8),)), True)])
def test_other_widths_export_their_integers(small_teacher, lines, function, widths, dense):
    rows = rows_of(small_teacher, lines)
    model = student_of(small_teacher, widths, function, dense)
    if dense:
        torch.nn.init.normal_(model.dense.weight)
        torch.nn.init.normal_(model.dense.bias)
    model.calibrate(text.pad(rows[:16]))
    comparison = verify.compare(model, export.model_of(model, rows[:32]), rows[:8])
    comparison.check()
    assert comparison.integers > 10_000


def test_an_export_of_other_numbers_is_noticed(small_teacher, lines):
    rows = rows_of(small_teacher, lines)
    model = student_of(small_teacher, config.Widths(1, 4))
    model.calibrate(text.pad(rows[:16]))
    exported = export.model_of(model, rows[:16])
    with torch.no_grad():
        model.layers[1].value.bias[3] += 0.5
    with pytest.raises(ValueError, match="encoder/layer.1/attention/value/quant"):
        verify.compare(model, exported, rows[:8]).check()


# What is refused ------------------------------------------------------------------------------


def test_bad_input_is_refused(small_teacher, lines, tmp_path):
    other = tmp_path / "gpt"
    other.mkdir()
    write_teacher(other)
    (other / "config.json").write_text('{"model_type": "gpt2"}', encoding="utf-8")
    classifier = tmp_path / "classifier"
    classifier.mkdir()
    write_teacher(classifier, labels=2)
    few = tmp_path / "few.txt"
    few.write_text("one line\n", encoding="utf-8")
    out = tmp_path / "out.onnx"
    fine = {"--teacher": small_teacher, "--text": lines, "--out": out, "--steps": 4}
    for change, message in (
            ({"--teacher": tmp_path}, "no config.json there"),
            ({"--teacher": other}, "the model is of type 'gpt2', and bert is accepted"),
            ({"--teacher": classifier, "--dense": None}, "this model classifies into 2 labels"),
            ({"--text": tmp_path / "none.txt"}, "none.txt: no such file or directory"),
            ({"--text": few}, "1 different lines of text; at least"),
            ({"--weights": 9}, "weights take 1 to 8 bits"),
            ({"--layer-activations": "7:8"}, "the layers are 0 to 1"),
            ({"--layer-activations": "x"}, "look like 0:8,5:8"),
            ({"--steps": 2}, "2 steps for 3 stages: at least 4 are needed"),
            ({"--batch": 1}, "batches of 1 lines: at least 2 are needed"),
            ({"--device": "tpu"}, "no device 'tpu' here"),
            ({"--window": 2}, "windows of 2 tokens: at least 3 are needed"),
            ({"--start": few}, "not a student that"),
            ({"--longest": 2}, "lines of 2 tokens for a model of 64 positions"),
            ({"--rate": 1e30, "--steps": 12, "--batch": 4}, "lower --rate")):
        done = run_tool("quantize", *(w for pair in (fine | change).items() for w in pair
                                    if w is not None))
        assert done.returncode == 1 and message in done.stderr, (change, done.stderr)
        assert "Traceback" not in done.stderr and not out.exists()


@pytest.mark.parametrize("name, content, message", [
    ("config.json", "[]", "config.json: a list, and an object is accepted"),
    ("config.json", '{"model_type": "bert"}', "config.json: not what a BERT's folder holds"),
    ("config.json", '{"model_type": "bert", "pad_token_id": 1}', "padding is token 1; 0 is acc"),
    ("model.safetensors", "x", "not what a BERT's folder holds there"),
    ("tokenizer.json", "{}", "tokenizer.json: not what a BERT's folder holds there"),
    ("2_Dense/config.json", "{}", "2_Dense: a layer after the mean"),
    ("1_Pooling/config.json", '{"pooling_mode_cls_token": true}', "pooling_mode_mean_tokens alone"),
])
def test_a_broken_teacher_is_named(lines, tmp_path, name, content, message):
    write_teacher(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        teacher.load(tmp_path)
        teacher.tokenizer_of(tmp_path)


def test_a_teacher_lowers_texts_where_its_folder_says_so(tmp_path):
    path = write_teacher(tmp_path) / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    path.write_text(json.dumps(tokenizer), encoding="utf-8")

    def are_equal():
        upper, lower = teacher.tokenizer_of(tmp_path).encode_batch(["GOOD", "good"])
        return upper.ids == lower.ids

    assert not are_equal()
    (tmp_path / "sentence_bert_config.json").write_text('{"do_lower_case": true}',
                                                        encoding="utf-8")
    assert are_equal()
