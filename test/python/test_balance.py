# SPDX-License-Identifier: Apache-2.0
"""Balancing the channels of heads keeps the network's function and evens the channels out."""

import numpy as np
import onnx
import pytest

from tools.models import activations, balance, minilm, session, texts

_OUTPUT = "sentence_embedding"


@pytest.fixture(scope="module")
def balanced():
    """(model before, model after, the feeds that decided)."""
    before = minilm.export(1, 17)
    after = onnx.ModelProto.FromString(before.SerializeToString())
    feeds = [texts.feeds(texts.encode(text)) for text in texts.calibration()[:8]]
    balance.balance(after, activations.collect(before, feeds))
    return before, after, feeds


def test_the_answer_stays(balanced):
    before, after, _ = balanced
    feed = texts.feeds(texts.encode("A sentence that nobody balanced for."))
    old, new = (session.run(session.open_session(m), feed, [_OUTPUT])[_OUTPUT]
                for m in (before, after))
    np.testing.assert_allclose(new, old, atol=1e-5)


def test_the_graph_stays(balanced):
    before, after, _ = balanced
    assert list(before.graph.node) == list(after.graph.node)


def _peaks(values, channel_axis):
    moved = [np.moveaxis(v, channel_axis, -1) for v in values]
    return np.max([np.abs(v).max((0, 2)) for v in moved], axis=0)


def test_channels_of_queries_keys_and_values_are_even(balanced):
    _, after, feeds = balanced
    values = activations.collect(after, feeds)
    scores, context = (next(n for n in after.graph.node if n.name.endswith(end))
                       for end in ("self/MatMul", "self/MatMul_1"))
    np.testing.assert_allclose(_peaks(values[scores.input[0]], 3),
                               _peaks(values[scores.input[1]], 2), rtol=1e-4)
    peaks = _peaks(values[context.input[1]], 3)
    assert peaks.max() < 1.001 * peaks.min()
