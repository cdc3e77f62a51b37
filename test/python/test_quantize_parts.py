# SPDX-License-Identifier: Apache-2.0
"""The parts of distillation: quantizers, limits, text, losses."""

import argparse
import pathlib
import re
import subprocess

import numpy as np
import pytest
import torch
from small_teacher import rows_of, student_of

from tools.lib import private_run
from tools.quantize import config, evaluate, limits, losses, quantizers, teacher, text

ROOT = pathlib.Path(__file__).resolve().parents[2]


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


def gradients(run, parameters, dtype):
    """By the input and by each parameter."""
    for parameter in parameters:
        parameter.grad = None
    torch.manual_seed(2)
    x = torch.randn(8, 16, requires_grad=True)
    run(x, dtype).square().sum().backward()
    return [x.grad, *(p.grad.clone() for p in parameters)]


@pytest.mark.skipif(not hasattr(torch, "compile"), reason="this PyTorch does not compile")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", ["activation", 1, 4, 8, 32])
def test_compiled_gradients_are_the_eager_ones(kind, dtype):
    torch.manual_seed(1)
    if isinstance(kind, int):
        module = quantizers.Linear(16, 4, kind)
        torch.nn.init.normal_(module.weight)
        if kind == 1:
            module.fit_scale()
        run = lambda x, dtype: module(x.to(dtype), torch.tensor(1.0), dtype)  # noqa: E731
    else:
        module = quantizers.Activation(4)
        module.fit(torch.randn(1000))

        def run(x, dtype):
            integers, step = module(x, dtype)
            return integers.float() * step

    parameters = list(module.parameters())
    eager = gradients(run, parameters, dtype)
    compiled = gradients(torch.compile(run), parameters, dtype)
    # Eager bfloat16 rounds the gradients of integers, compiled code need not.
    tolerance = 1e-4 if dtype == torch.float32 else 0.05
    size = torch.linalg.norm(eager[0])  # of the input's; a step's is a difference of large sums
    for expected, got in zip(eager, compiled, strict=True):
        assert expected.abs().sum() > 0 and got.abs().sum() > 0
        assert torch.linalg.norm(got - expected) <= tolerance * size.clamp_min(expected.norm())


@pytest.mark.parametrize("bits, least", [(4, 20), (8, 27)])
def test_a_step_is_fitted_to_every_column(bits, least):
    x = torch.full((100_000, 8), 0.01)
    x[:, 1] = torch.linspace(-30, 30, len(x))
    quantizer = quantizers.Activation(bits)
    quantizer.fit(x)
    assert float(quantizer.step) * quantizer.high > least


@pytest.mark.parametrize("weights, activations, scales", [(1, 8, 1), (4, 4, 1), (4, 8, 32),
                                                          (8, 8, 32)])
def test_few_bits_have_one_scale_where_they_meet_the_stream(small_teacher, weights, activations,
                                                            scales):
    layer = student_of(small_teacher, config.Widths(weights, activations)).layers[0]
    for linear in (layer.out, layer.down):
        integers, scale = linear._integers(torch.float32)
        assert scale.numel() == scales and integers.abs().max() >= 1
    assert layer.up._integers(torch.float32)[1].numel() == 64


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


@pytest.mark.parametrize("bits", range(2, 9))
def test_the_limit_of_scores_is_the_compilers(bits, tmp_path):
    q = f"!quant.uniform<i8<{-2 ** (bits - 1)}:{2 ** (bits - 1) - 1}>:f32, 0.5>"
    source = tmp_path / "softmax.mlir"
    source.write_text(f"""
func.func @scores(%x: tensor<1x128xf32> {{nn.owner = "data"}}) -> tensor<1x2xf32> {{
  %c = nn.constant dense<2.0> : tensor<f32> : tensor<f32>
  %s = nn.binary mul %x, %c {{nn.range = 1.0e3 : f64}}
      : (tensor<1x128xf32>, tensor<f32>) -> tensor<1x128xf32>
  %p = nn.softmax %s : (tensor<1x128xf32>) -> tensor<1x128xf32>
  %q = nn.quantize %p : tensor<1x128xf32> -> tensor<1x128x{q}>
  %w = nn.constant dense<1> : tensor<128x2xi8> : tensor<128x2x!quant.uniform<i8<-1:1>:f32, 0.25>>
  %y = nn.linear %q, %w {{nn.range = 2.0 : f64}}
      : (tensor<1x128x{q}>, tensor<128x2x!quant.uniform<i8<-1:1>:f32, 0.25>>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}}
""", encoding="utf-8")
    passes = ["-choose-rings", "-choose-lowerings", "-lower-nn-to-mpc"]
    command = [private_run.BIN / "mpcc-opt", source, *passes]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    found = re.search(r"scores that reach 1250 .*accepted: ([\d.]+), which", told)
    assert found, told
    accepted = float(found[1])
    assert limits.score(bits) * limits.key("range-margin") == pytest.approx(
        accepted, rel=1e-5)


def test_training_computes_what_the_exported_student_computes(small_teacher, lines):
    batch = text.pad(rows_of(small_teacher, lines)[:8])
    model = student_of(small_teacher, config.Widths(1, 4), "relu")
    model.calibrate(batch)
    outputs = [model.train(training)(*batch).output for training in (True, True, False)]
    assert all(torch.equal(outputs[0], output) for output in outputs[1:])


def test_held_out_documents_stay_held_out(tmp_path):
    path = tmp_path / "text.txt"
    documents = [[f"document {i} line {j} says something" for j in range(3)] for i in range(400)]
    path.write_text("\n\n".join("\n".join(d) for d in documents), encoding="utf-8")
    trained, held_out = text.read(path)
    assert len(trained) + len(held_out) == 1200 and held_out
    assert not {t.split()[1] for t in trained} & {t.split()[1] for t in held_out}
    path.write_text("\n\n".join("\n".join(d) for d in reversed(documents[:200])), encoding="utf-8")
    assert set(text.read(path)[1]) <= set(held_out)


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


def test_equal_values_share_a_rank():
    assert evaluate.spearman(np.array([1, 0, 3, 2]), np.array([0, 0, 1, 1])) == pytest.approx(
        0.8944, abs=1e-4)


def test_losses_vanish_for_the_teacher_itself(small_teacher, lines):
    loaded = teacher.load(small_teacher)
    batch = text.pad(rows_of(small_teacher, lines)[:8])
    trace = loaded(*batch)
    references = losses.References(trace.output.detach())
    parts = losses.all_losses(trace, trace, batch[1], references)
    assert all(abs(float(value)) < 1e-5 for value in parts.values())
    assert evaluate.agreement(loaded, loaded, rows_of(small_teacher, lines)[:16]) == {
        "Spearman of similarities": pytest.approx(1), "mean cosine": pytest.approx(1)}


def test_references_stand_for_all_their_similarities():
    torch.manual_seed(3)
    ours, theirs, references = (torch.nn.functional.normalize(torch.randn(n, 16) + 1, dim=1)
                                for n in (5, 5, 400))
    error = ((ours @ references.T - theirs @ references.T) ** 2).mean()
    spread = (references[:200] @ references[200:].T).var(unbiased=False)
    assert float(losses.References(references).error(ours, theirs)) == pytest.approx(
        float(error / spread), rel=1e-4)


def test_numbers_of_the_command_line_are_positive():
    assert config.positive("5e-4") == 5e-4
    for wrong in ("nan", "inf", "0", "-1", "x"):
        with pytest.raises(argparse.ArgumentTypeError, match=f"'{wrong}' is no positive number"):
            config.positive(wrong)
