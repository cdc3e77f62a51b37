# SPDX-License-Identifier: Apache-2.0
"""What a student changes before it learns: padding, heads with large scores, noisy steps."""

import pytest
import torch

from small_teacher import rows_of, student_of
from tools.quantize import config, distill, prepare, teacher, text


def test_padding_is_as_the_end_of_a_line_and_answers_stay(small_teacher, lines):
    rows = rows_of(small_teacher, lines)[:8]
    batch, end = text.pad(rows), int(rows[0][-1, 0])
    assert not batch[1].all()
    model = student_of(small_teacher, config.Widths(8, 8)).eval()
    before = model(*batch).output
    prepare.neutral_padding(model, end)
    assert torch.equal(model.embeddings.word[text.PADDING], model.embeddings.word[end])
    assert torch.equal(model(*batch).output, before)


@pytest.mark.parametrize("weights", [1, 8])
def test_heads_with_large_scores_shrink_to_the_limit(small_teacher, lines, weights):
    source = teacher.load(small_teacher)
    with torch.no_grad():  # the second head of the first layer
        source.layers[0].query.weight[16:] *= 50
    batch = text.pad(rows_of(small_teacher, lines)[:8])
    model = student_of(small_teacher, config.Widths(weights, 4))
    model.limit_scores(model.widths)
    before = model.state_dict()["layers.0.query.weight"].clone()
    peaks = prepare.largest_scores(source, [batch], torch.float32)
    limit = model.layers[0].limit
    assert peaks[0][0] < limit < peaks[0][1] and (peaks[1] < limit).all()
    prepare.shrink_scores(model, peaks)
    after = model.state_dict()["layers.0.query.weight"]
    assert torch.equal(after[:16], before[:16])
    shrunk = (0.9 * limit / peaks[0][1]).sqrt()
    torch.testing.assert_close(after[16:], before[16:] * shrunk)
    integers, scale = model.layers[0].query.quantized()
    assert (integers.abs() * scale[:, None])[16:].mean() == pytest.approx(
        float(after[16:].abs().mean()), rel=0.2)


def test_padding_raises_no_score(small_teacher, lines):
    source = teacher.load(small_teacher)
    batch = text.pad(rows_of(small_teacher, lines)[:8])
    peaks = prepare.largest_scores(source, [batch], torch.float32)
    with torch.no_grad():
        source.embeddings.word[text.PADDING] = 40 * torch.arange(32) % 7
    for ours, theirs in zip(prepare.largest_scores(source, [batch], torch.float32), peaks):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("share, noisy", [(0, 0), (0.25, 2), (1, 8)])
def test_a_share_of_the_last_stages_steps_has_noise(small_teacher, lines, tmp_path, share, noisy):
    source = teacher.load(small_teacher)
    run = distill.Run(source, rows_of(small_teacher, lines), config.Widths(8, 4), source.shape,
                      distill.Options(steps=8, batch=8, noise=share), tmp_path,
                      start=student_of(small_teacher, config.Widths(8, 4)))
    seen = []
    run.progress = lambda step, loss: seen.append(run.model.layers[0].q_input.noise is not None)
    run.train()
    assert sum(seen) == noisy
