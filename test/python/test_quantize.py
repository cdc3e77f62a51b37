# SPDX-License-Identifier: Apache-2.0
"""Distillation into quantized models, from a folder with a BERT to a private answer."""

import dataclasses
import json
import pathlib
import re
import subprocess

import numpy as np
import onnx
import pytest
import torch

from small_teacher import run_tool, write_teacher
from tools.lib import private_run
from tools.models import oracle, ranges, texts
from tools.quantize import (config, distill, evaluate, export, glue, losses, protocol_noise,
                            quantizers, student, teacher, text, verify)

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _rows(name, path):
    return text.tokenize(teacher.tokenizer_of(name), text.read(path)[0], 64)


def _student(name, widths, function=None, dense=False):
    loaded = teacher.load(name)
    return student.student_of(loaded, widths, loaded.shape.of_student(function, dense))


# The parts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits, unsigned, low, high", [(4, False, -8, 7), (4, True, 0, 15),
                                                       (2, False, -2, 1), (8, False, -128, 127)])
def test_a_quantizer_rounds_clips_and_learns_its_step(bits, unsigned, low, high):
    site = quantizers.Activation(bits, unsigned)
    x = torch.linspace(-300, 300, 4801, requires_grad=True)
    integers, step = site(x)
    assert torch.equal(integers, torch.round(x).clamp(low, high))
    (integers * step).sum().backward()
    inside = (x > low - 0.5) & (x < high + 0.5)
    assert torch.equal(x.grad, inside.float())
    # LSQ, equation 3: q - x/s inside, the bound outside; in the step's logarithm times s.
    expected = torch.where(inside, torch.round(x) - x, integers)
    assert site.log_step.grad.item() == pytest.approx(expected.sum().item(), rel=1e-4)


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 8])
def test_weights_take_the_integers_of_their_width(bits):
    torch.manual_seed(1)
    weight = torch.randn(48, 64) * torch.rand(48, 1)
    for per_channel in (True, False):
        linear = quantizers.Linear(64, 48, bits, per_channel)
        linear.weight.data.copy_(weight)
        if bits == 1:
            linear.fit_scale()
        integers, scale = linear.quantized()
        high = 2 ** (bits - 1) - 1 if bits > 1 else 1
        assert integers.abs().max() <= high and torch.equal(integers, integers.round())
        assert bits > 1 or torch.equal(integers.abs(), torch.ones_like(integers))
        assert (len(scale.unique()) > 1) == per_channel
        error = (integers * scale[:, None] - weight).pow(2).mean() / weight.pow(2).mean()
        assert error < {1: 0.8, 2: 0.6, 3: 0.35, 4: 0.15, 8: 1e-3}[bits]


@pytest.mark.parametrize("per_channel", [True, False])
def test_a_binary_weight_learns_its_scale_and_stays_bounded(per_channel):
    linear = quantizers.Linear(8, 4, 1, per_channel)
    torch.manual_seed(1)
    linear.weight.data.uniform_(-1, 1)
    linear.fit_scale()
    signs, scale = linear.quantized()
    x = torch.randn(16, 8)
    linear(x, torch.tensor(0.5)).sum().backward()
    by_output = (x @ signs.T).sum(0) * 0.5 * scale
    expected = by_output if per_channel else by_output.sum(0, keepdim=True)
    assert torch.allclose(linear.log_scale.grad[:, 0], expected, rtol=1e-4)
    assert torch.allclose(linear.weight.grad, (0.5 * x.sum(0)).expand(4, 8), rtol=1e-4)
    far = 8 * scale.max() * signs
    linear.weight.data.copy_(far - far.mean())
    for push in (1, -1):  # in or out: a step of descent goes against the gradient
        linear.weight.grad = None
        (linear.quantized()[0] * push * linear(torch.eye(8), torch.ones(())).T).sum().backward()
        assert bool(linear.weight.grad.any()) == (push > 0)


def test_noise_is_that_of_the_compiler():
    policy = (ROOT / "passes/lower/policy.h").read_text(encoding="utf-8")
    for ours, name in ((protocol_noise.TABLE_BITS, "table_bits"),
                       (protocol_noise.EXTRA_INDEX_BITS, "extra_index_bits"),
                       (protocol_noise.FRACTION_BITS, "fraction_bits"),
                       (protocol_noise.RANGE_MARGIN, "kRangeMargin")):
        assert float(re.search(rf"{name} = ([\d.]+);", policy)[1]) == ours, name


def test_index_noise_has_the_right_mean_and_step():
    torch.manual_seed(1)
    x = torch.full((200_000,), 0.3)
    y = protocol_noise.random_round(x, 0.5)
    assert set(y.unique().tolist()) == {0.0, 0.5}
    assert y.mean().item() == pytest.approx(0.3, abs=0.005)


def test_each_kind_of_site_has_its_own_noise(small_teacher):
    model = _student(small_teacher, config.Widths(1, 4), "relu")
    model.simulate_protocol()
    layer = model.layers[0]
    assert layer.q_input.noise.resolution == 0.5 and layer.q_input.noise.limit == 16 / 1.25
    assert layer.q_probabilities.noise.resolution == 1 / 16  # no table, as at 8 bits
    assert layer.q_activation.noise is None and layer.index.simulated  # one index, the function's
    model.simulate_protocol(False)
    assert layer.q_input.noise is None and not layer.index.simulated


def test_values_beyond_the_index_are_pushed_back():
    site = quantizers.Activation(4)
    site.noise = protocol_noise.Site(site.bits, site.low, site.high)
    x = torch.tensor([0.5, -100.0, 100.0], requires_grad=True)
    integers, _ = site.train()(x)
    (0 * integers.sum()).backward()
    assert x.grad[0] == 0 and x.grad[1] < 0 < x.grad[2]
    assert site.log_step.grad < 0  # a larger step holds more


def test_values_beyond_the_index_wrap_as_they_do_privately():
    noise = protocol_noise.Site(4, -8, 7)
    v = torch.tensor([-16.0, -15.5, 15.5, 16.0, 20.0, 48.0])
    assert noise.perturb(v).tolist() == [-16.0, -15.5, 15.5, -16.0, -12.0, -16.0]
    lifted = protocol_noise.Site(8, -128, 127)
    assert torch.equal(lifted.perturb(v), v)


def test_held_out_documents_stay_held_out(tmp_path):
    path = tmp_path / "text.txt"
    documents = [[f"document {i} line {j} says something" for j in range(3)] for i in range(400)]
    path.write_text("\n\n".join("\n".join(d) for d in documents), encoding="utf-8")
    trained, held_out = text.read(path)
    assert len(trained) + len(held_out) == 1200 and held_out
    assert not {t.split()[1] for t in trained} & {t.split()[1] for t in held_out}
    path.write_text("\n\n".join("\n".join(d) for d in reversed(documents[:200])), encoding="utf-8")
    assert set(text.read(path)[1]) <= set(held_out)


# The whole ------------------------------------------------------------------------------------


def test_the_file_has_the_widths_and_ranges(distilled):
    model = onnx.load(distilled)
    onnx.checker.check_model(model, full_check=True)
    assert len(ranges.load(model)) > 40
    report = subprocess.run([private_run.BIN / "mpcc", "check", distilled, "--seq-len", "16"],
                            capture_output=True, text=True, check=True).stdout
    for product, count in (("int4 x int1 per channel weights, 16-bit ring", 8),
                           ("int4 x int1 weights, 16-bit ring", 4),
                           ("int4 x int4, 16-bit ring", 2), ("uint4 x int4, 16-bit ring", 2)):
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
    run = distill.Run(loaded, _rows(small_teacher, lines), config.Widths(1, 4), loaded.shape,
                      distill.Options(steps=60, batch=16, rate=2e-3), tmp_path)
    run.train()
    start = run.ends[1]
    first, last = (np.mean([h[0] for h in part])
                   for part in (run.history[start : start + 5], run.history[-5:]))
    assert last < 0.9 * first


def test_a_stopped_run_goes_on_as_if_it_had_not(small_teacher, lines, tmp_path):
    rows, shape = _rows(small_teacher, lines), teacher.load(small_teacher).shape

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
    rows, loaded = _rows(small_teacher, lines), teacher.load(small_teacher)
    options, shape = distill.Options(steps=8, batch=4), loaded.shape.of_student("relu", dense=True)
    distill.Run(loaded, rows, config.Widths(1, 4), shape, options, tmp_path / "first").train()
    middle = student.load(tmp_path / "first/stage1.pt")
    assert (middle.widths.weights, middle.widths.activations) == (1, 8)
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
    rows, loaded, widths = _rows(small_teacher, lines), teacher.load(small_teacher), config.Widths()
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
    model, path = _student(small_teacher, config.Widths()), tmp_path / "student.pt"
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
    rows = _rows(small_teacher, lines)[:8]
    plain, model = (_student(small_teacher, config.Widths(1, 4), dense=dense)
                    for dense in (False, True))
    assert np.allclose(evaluate.outputs(model, rows), evaluate.outputs(plain, rows), atol=1e-6)
    with pytest.raises(ValueError, match="this model classifies into 2 labels"):
        dataclasses.replace(model.shape, labels=2)
    with pytest.raises(ValueError, match="has a dense layer: give --dense too"):
        distill.Run(teacher.load(small_teacher), rows, model.widths, plain.shape,
                    distill.Options(steps=4, batch=4), tmp_path, start=model)


def test_a_window_keeps_both_ends_of_a_line():
    row = np.stack([np.arange(10), np.zeros(10)], 1).astype(np.int32)
    assert text.window(row, 10) is row
    assert text.window(row, 5, start=6)[:, 0].tolist() == [0, 6, 7, 8, 9]
    assert text.window(row, 5)[:, 0].tolist() == [0, 1, 2, 3, 9]
    batches = text.Batches([row, row[:4]] * 8, 16, seed=1, most=5)
    seen = set()
    for step in range(20):
        ids, mask, _ = batches.at(step)
        assert sorted(mask.sum(1).tolist()) == [4] * 8 + [5] * 8
        seen |= {tuple(r[:5].tolist()) for r, m in zip(ids, mask) if m.sum() == 5}
        assert torch.equal(ids, batches.at(step)[0])
    assert seen == {(0, i, i + 1, i + 2, 9) for i in range(1, 7)}


@pytest.mark.parametrize("function, widths, dense", [
    ("relu", config.Widths(2, 3), True), ("gelu", config.Widths(4, 8, embeddings=4), False),
    ("gelu", config.Widths(1, 4, layers=((1, 8),)), True)])
def test_other_widths_export_their_integers(small_teacher, lines, function, widths, dense):
    rows = _rows(small_teacher, lines)
    model = _student(small_teacher, widths, function, dense)
    if dense:
        torch.nn.init.normal_(model.dense.weight)
        torch.nn.init.normal_(model.dense.bias)
    model.calibrate(text.pad(rows[:16]))
    comparison = verify.compare(model, export.model_of(model, rows[:32]), rows[:8])
    comparison.check()
    assert comparison.integers > 10_000


def test_an_export_of_other_numbers_is_noticed(small_teacher, lines):
    rows = _rows(small_teacher, lines)
    model = _student(small_teacher, config.Widths(1, 4))
    model.calibrate(text.pad(rows[:16]))
    exported = export.model_of(model, rows[:16])
    with torch.no_grad():
        model.layers[1].value.bias[3] += 0.5
    with pytest.raises(ValueError, match="encoder/layer.1/attention/value/quant"):
        verify.compare(model, exported, rows[:8]).check()


# Tasks ----------------------------------------------------------------------------------------


def test_a_glue_task_from_its_tsv_files(lines, tmp_path):
    folder = tmp_path / "teacher"
    folder.mkdir()
    write_teacher(folder, labels=2)
    sentences = lines.read_text(encoding="utf-8").splitlines()[:200]
    for name in ("train", "dev"):
        rows = [f"{i}\t{a}\t{b}\t{('entailment', 'not_entailment')[i % 2]}"
                for i, (a, b) in enumerate(zip(sentences[::2], sentences[1::2]))]
        (tmp_path / f"{name}.tsv").write_text(
            "\n".join(["index\tsentence1\tsentence2\tlabel", *rows]), encoding="utf-8")
    out = tmp_path / "rte.onnx"
    done = run_tool("quantize", "--teacher", folder, "--text", tmp_path / "train.tsv", "--task",
                    "rte", "--dev", tmp_path / "dev.tsv", "--out", out, "--steps", 4, "--batch", 4,
                    "--longest", 64)
    assert done.returncode == 0, done.stderr
    assert "accuracy, teacher" in done.stderr and "accuracy, student" in done.stderr
    assert onnx.load(out).graph.output[0].name == "logits"


def test_glue_columns_and_measures(tmp_path):
    path = tmp_path / "cola.tsv"
    path.write_text('gj04\t1\t\tA "quoted sentence.\ngj04\t0\t*\tNot a one.\n', encoding="utf-8")
    sentences, labels = glue.read(path, "cola")
    assert sentences == ['A "quoted sentence.', "Not a one."] and labels.tolist() == [1, 0]
    assert glue.measure("cola", np.eye(2)[[1, 0]], labels) == (
        "Matthews correlation", pytest.approx(1))
    scores = np.array([[0.1], [0.9], [0.5]])
    assert glue.measure("sts-b", scores, np.array([1.0, 5.0, 2.5])) == (
        "Spearman correlation", pytest.approx(1))


@pytest.mark.parametrize("name, content, message", [
    ("sst-2", "phrase\tlabel\nfine\t1\n", "1: no column 'sentence'; the columns are phrase, label"),
    ("sst-2", "sentence\tlabel\nfine\t2\n", "2: label '2', and the labels are 0, 1"),
    ("sst-2", "sentence\tlabel\nfine\n", "2: 1 columns, fewer than the task's"),
    ("sts-b", "sentence1\tsentence2\tscore\na\tb\tx\n", "2: the score 'x' is not a number"),
    ("sst-2", "sentence\tlabel\n", "no examples"),
])
def test_a_bad_tsv_file_is_located(tmp_path, name, content, message):
    path = tmp_path / "bad.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        glue.read(path, name)


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


def test_equal_values_share_a_rank():
    assert evaluate.spearman(np.array([1, 0, 3, 2]), np.array([0, 0, 1, 1])) == pytest.approx(
        0.8944, abs=1e-4)


def test_losses_vanish_for_the_teacher_itself(small_teacher, lines):
    loaded = teacher.load(small_teacher)
    batch = text.pad(_rows(small_teacher, lines)[:8])
    trace = loaded(*batch)
    references = losses.References(trace.output.detach())
    parts = losses.all_losses(trace, trace, batch[1], references)
    assert all(abs(float(value)) < 1e-5 for value in parts.values())
    assert evaluate.agreement(loaded, loaded, _rows(small_teacher, lines)[:16]) == {
        "Spearman of similarities": pytest.approx(1), "mean cosine": pytest.approx(1)}


def test_references_stand_for_all_their_similarities():
    torch.manual_seed(3)
    ours, theirs, references = (torch.nn.functional.normalize(torch.randn(n, 16) + 1, dim=1)
                                for n in (5, 5, 400))
    error = ((ours @ references.T - theirs @ references.T) ** 2).mean()
    spread = (references[:200] @ references[200:].T).var(unbiased=False)
    assert float(losses.References(references).error(ours, theirs)) == pytest.approx(
        float(error / spread), rel=1e-4)
