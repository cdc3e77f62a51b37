# SPDX-License-Identifier: Apache-2.0
"""How much of the teacher is left: agreement on held-out text."""

from collections.abc import Sequence

import numpy as np
import torch

from tools.quantize import text
from tools.quantize.student import Encoder


def _ranks(values):
    """Ranks; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return (last - (counts + 1) / 2)[inverse]


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation of two vectors."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def similarity_spearman(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Spearman of all pairwise cosines of two sets of unit embeddings."""
    upper = np.triu_indices(len(ours), 1)
    return spearman((ours @ ours.T)[upper], (theirs @ theirs.T)[upper])


@torch.no_grad()
def outputs(model: Encoder, rows: Sequence[np.ndarray], dtype: torch.dtype = torch.float32,
            batch: int = 32) -> np.ndarray:
    """Embeddings or logits of tokenized rows, in their order."""
    model.eval()
    out: dict[int, np.ndarray] = {}
    for chosen, padded in text.by_length(rows, batch, model.embeddings.word.device):
        for i, row in zip(chosen, model(*padded, dtype=dtype).output.float().cpu().numpy()):
            out[i] = row
    return np.stack([out[i] for i in range(len(rows))])


def agreement(model: Encoder, teacher: Encoder, rows: Sequence[np.ndarray],
              dtype: torch.dtype = torch.float32) -> dict[str, float]:
    """Measures by name, of the student against the teacher."""
    ours, theirs = outputs(model, rows, dtype), outputs(teacher, rows, dtype)
    if teacher.shape.labels:
        same = float((ours.argmax(1) == theirs.argmax(1)).mean())
        return {"same class": same, "mean logit error": float(np.abs(ours - theirs).mean())}
    return {"Spearman of similarities": similarity_spearman(ours, theirs),
            "mean cosine": float((ours * theirs).sum(1).mean())}
