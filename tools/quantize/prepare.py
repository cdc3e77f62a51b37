# SPDX-License-Identifier: Apache-2.0
"""What a student changes in its start, so that a private run can hold its attention scores."""

import math
from collections.abc import Sequence

import torch

from tools.quantize import text
from tools.quantize.student import Encoder

_HEADROOM = 0.9  # of the limit, for lines that were not looked at
_TOGETHER = 32  # lines


@torch.no_grad()
def neutral_padding(student: Encoder, end: int) -> None:
    """Padding takes the embedding of the token `end`, which ends every line.

    No answer depends on padding, but ranges must hold what it reaches: 256 lines padded to 128
    tokens take all-MiniLM-L6-v2's first layer to scores of 111, and to 50 without the padding.
    """
    word = student.embeddings.word
    word[text.PADDING] = word[end]


@torch.no_grad()
def largest_scores(model: Encoder, rows: Sequence,
                   dtype: torch.dtype = torch.float32) -> list[torch.Tensor]:
    """Of each layer, the largest magnitude of each head's scores: a list of tensors [heads].

    Over tokenized rows, padding left out; of queries and keys before a student's quantizers.
    """
    model.eval()
    peaks: list[torch.Tensor] = []
    for _, batch in text.by_length(rows, _TOGETHER, model.embeddings.word.device):
        mask = batch[1]
        both = (mask[:, None, :, None] * mask[:, None, None, :]).float()
        found = []
        for query, key, _ in model(*batch, dtype=dtype).relations:
            scores = torch.matmul(query, key.transpose(2, 3)) / math.sqrt(query.shape[-1])
            found.append((scores * both).abs().amax((0, 2, 3)))
        peaks = found if not peaks else [torch.maximum(*pair) for pair in zip(peaks, found)]
    return peaks


@torch.no_grad()
def shrink_scores(student: Encoder, peaks: Sequence[torch.Tensor]) -> None:
    """Scales queries and keys of the heads whose `peaks` are beyond what a private run holds.

    Training then finds sharpness elsewhere; left as they are, these scores outlast the range
    penalty of a short run.
    """
    for layer, largest in zip(student.layers, peaks, strict=True):
        shrunk = (_HEADROOM * layer.limit / largest).sqrt()
        factor = torch.where(largest > layer.limit, shrunk, 1.0)
        for linear in (layer.query, layer.key):
            width = linear.weight.shape[0] // len(factor)
            rows = factor.repeat_interleave(width)
            linear.weight.mul_(rows[:, None])
            linear.bias.mul_(rows)
            if linear.bits == 1:
                linear.log_scale.add_(rows.log()[:, None])
