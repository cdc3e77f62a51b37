# SPDX-License-Identifier: Apache-2.0
"""What a student changes before it learns: padding and heads with large scores."""

import numpy as np
import pytest
import torch
from small_teacher import rows_of, student_of

from tools.quantize import config, distill, prepare, student, teacher, text


def test_padding_is_as_the_end_of_a_line_and_answers_stay(small_teacher, lines):
    rows = rows_of(small_teacher, lines)[:8]
    batch, end = text.pad(rows), int(rows[0][-1, 0])
    assert not batch[1].all()
    model = student_of(small_teacher, config.Widths(8, 8)).eval()
    before = model(*batch).output
    prepare.neutral_padding(model, end)
    assert torch.equal(model.embeddings.word[text.PADDING], model.embeddings.word[end])
    assert torch.equal(model(*batch).output, before)


def sharpened(name, factor):
    """A teacher whose second head in the first layer has larger scores."""
    source = teacher.load(name)
    with torch.no_grad():
        source.layers[0].query.weight[16:] *= factor
        source.layers[0].query.bias[16:] *= factor
    return source


@pytest.mark.parametrize("weights", [1, 8])
def test_heads_with_large_scores_shrink_to_the_limit(small_teacher, lines, weights):
    source, rows = sharpened(small_teacher, 50), rows_of(small_teacher, lines)[:8]
    model = student.student_of(source, config.Widths(weights, 4))
    model.limit_scores(model.widths)
    peaks, limit = prepare.largest_scores(source, rows), model.layers[0].limit
    assert peaks[0][0] < limit < peaks[0][1] and (peaks[1] < limit).all()
    prepare.shrink_scores(model, peaks)
    model.calibrate(text.pad(rows))
    assert prepare.largest_scores(model, rows)[0][1] < limit
    shrunk = float((0.9 * limit / peaks[0][1]).sqrt())
    for name in ("query", "key"):
        ours, theirs = (getattr(m.layers[0], name) for m in (model, source))
        for a, b in ((ours.weight, theirs.weight), (ours.bias, theirs.bias)):
            assert torch.equal(a[:16], b[:16])
            torch.testing.assert_close(a[16:], b[16:] * shrunk)


def test_heads_within_the_limit_stay(small_teacher, lines):
    source, rows = sharpened(small_teacher, 1), rows_of(small_teacher, lines)[:8]
    peaks = prepare.largest_scores(source, rows)
    model = student.student_of(source, config.Widths(8, 4))
    for layer, largest in zip(model.layers, peaks):
        layer.limit = 1.001 * float(largest.max())
    prepare.shrink_scores(model, peaks)
    for name, value in source.state_dict().items():
        assert torch.equal(model.state_dict()[name], value), name


def test_padding_raises_no_score(small_teacher, lines):
    source, rows = teacher.load(small_teacher), rows_of(small_teacher, lines)[:8]
    most = text.pad(rows)[0].shape[1]
    as_words = [np.pad(row, ((0, most - len(row)), (0, 0)), constant_values=text.PADDING)
                for row in rows]
    peaks, raised = prepare.largest_scores(source, rows), 0
    torch.manual_seed(1)
    for _ in range(30):
        with torch.no_grad():
            source.embeddings.word[text.PADDING] = 10 * torch.randn(32)
        raised += int((prepare.largest_scores(source, as_words)[0] > 1.01 * peaks[0]).any())
        for ours, theirs in zip(prepare.largest_scores(source, rows), peaks):
            torch.testing.assert_close(ours, theirs)
    assert raised  # or the padding would not have mattered


def test_a_run_limits_the_heads_of_new_students_only(small_teacher, lines, tmp_path):
    source, rows = sharpened(small_teacher, 200), rows_of(small_teacher, lines)
    widths, options = config.Widths(8, 4), distill.Options(steps=4, batch=8, rate=1e-12)

    def key_of(folder, **start):
        run = distill.Run(source, rows, widths, source.shape, options, tmp_path / folder, **start)
        model = run.train()
        word = model.embeddings.word
        assert torch.equal(word[text.PADDING], word[rows[0][-1, 0]])
        return model.layers[0].key.weight.detach()

    theirs = source.layers[0].key.weight
    assert key_of("new")[16:].abs().sum() < 0.8 * theirs[16:].abs().sum()
    settled = student.student_of(source, widths)
    torch.testing.assert_close(key_of("settled", start=settled), theirs)
