# SPDX-License-Identifier: Apache-2.0
"""What the student is asked to share with the teacher; no labels anywhere.

Hidden states of every layer, as BiT does (Liu et al., arXiv 2205.13016); relations
among queries, keys and values of the last layer (MiniLMv2, Wang et al., arXiv 2012.15828, after
MiniLM, arXiv 2002.10957); the pooled output and, for embeddings, its similarities in the batch and
with the teacher's embeddings of reference lines.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

PARTS = ("hidden", "relations", "output", "similarity", "references", "penalty")


@dataclasses.dataclass(frozen=True)
class Weights:
    """Of the parts in the sum."""

    hidden: float = 1.0
    relations: float = 0.3
    output: float = 2.0
    similarity: float = 2.0
    references: float = 4.0
    penalty: float = 0.1


def hidden_states(ours, theirs, mask):
    """Mean over the layers of the square error, relative to the teacher's spread."""
    weight = mask.unsqueeze(-1).float()
    total = 0.0
    for a, b in zip(ours[1:], theirs[1:], strict=True):
        error = ((a - b) ** 2 * weight).sum()
        centred = b - (b * weight).sum((0, 1)) / weight.sum()
        total = total + error / (centred**2 * weight).sum()
    return total / (len(ours) - 1)


def _relation(heads, additive):
    """Log probabilities of the scaled products of a set of vectors with itself."""
    scores = torch.matmul(heads, heads.transpose(2, 3)) / math.sqrt(heads.shape[-1])
    return functional.log_softmax(scores + additive, -1)


def relations(ours: Sequence[Tensor], theirs: Sequence[Tensor], mask: Tensor,
              dtype: torch.dtype) -> Tensor:
    """Divergence of query, key and value relations, per token and head."""
    additive = (1 - mask[:, None, None, :].float()) * -1e4
    rows = mask[:, None, :, None].float()
    total = 0.0
    for a, b in zip(ours, theirs, strict=True):
        p, q = (_relation(h.to(dtype), additive) for h in (b, a))
        total = total + ((p.exp() * (p - q)) * rows).sum() / (rows.sum() * a.shape[1])
    return total / 3


def embeddings(ours: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
    """(1 - cosine, error of the batch's similarities relative to their variance)."""
    cosine = 1 - (ours * theirs).sum(1).mean()
    off = ~torch.eye(len(ours), dtype=torch.bool, device=ours.device)
    a, b = (ours @ ours.T)[off], (theirs @ theirs.T)[off]
    return cosine, ((a - b) ** 2).mean() / b.var().clamp_min(1e-6)


class References:
    """The teacher's embeddings of many lines: more similarities than the pairs of a batch.

    With references r the square error (ours . r - theirs . r)^2 has the mean d^T M d, where d is
    ours - theirs and M the mean of r r^T; so their number costs nothing.
    """

    def __init__(self, embeddings: Tensor):
        """embeddings: unit vectors [lines, hidden] of two lines or more."""
        half = len(embeddings) // 2
        variance = (embeddings[:half] @ embeddings[half:].T).var(unbiased=False).clamp_min(1e-6)
        self.moment = embeddings.T @ embeddings / (len(embeddings) * variance)

    def error(self, ours: Tensor, theirs: Tensor) -> Tensor:
        """Mean square error of similarities with references, relative to their variance."""
        d = ours - theirs
        return ((d @ self.moment) * d).sum(1).mean()


def logits(ours: Tensor, theirs: Tensor) -> tuple[Tensor, Tensor]:
    """Divergence of the predicted classes, and the error of the logits."""
    p, q = (functional.log_softmax(x, -1) for x in (theirs, ours))
    return (p.exp() * (p - q)).sum(-1).mean(), functional.mse_loss(ours, theirs)


def _results(ours, theirs, references):
    """The parts that look at results; without references these are logits."""
    if references is None:
        return *logits(ours, theirs), torch.zeros(())
    return *embeddings(ours, theirs), references.error(ours, theirs)


def all_losses(ours, theirs, mask, references, dtype=torch.float32):
    """The parts by name, in the order of PARTS; `references` is None for logits."""
    values = (hidden_states(ours.hidden, theirs.hidden, mask),
              relations(ours.relations[-1], theirs.relations[-1], mask, dtype),
              *_results(ours.output, theirs.output, references), ours.penalty)
    return dict(zip(PARTS, values, strict=True))


def total(parts: Mapping[str, Tensor], weights: Weights) -> Tensor:
    return sum(getattr(weights, name) * value for name, value in parts.items())
