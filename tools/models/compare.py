# SPDX-License-Identifier: Apache-2.0
"""How close two sets of embeddings are: cosine by row, and agreement on nearest neighbours."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Agreement:
    least_cosine: float
    mean_cosine: float
    same_neighbour: float  # share of the rows with the same nearest other row

    def __str__(self):
        return (f"cosine min {self.least_cosine:.4f} mean {self.mean_cosine:.4f}, "
                f"same neighbour {100 * self.same_neighbour:.1f} %")


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def nearest(rows: np.ndarray) -> np.ndarray:
    """Index of the nearest other row by cosine, for each row."""
    cosine = unit(rows) @ unit(rows).T
    np.fill_diagonal(cosine, -np.inf)
    return cosine.argmax(1)


def cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The cosine of each pair of rows of two arrays [sentences, width]."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    return (unit(ours) * unit(theirs)).sum(1)


def compare(ours: np.ndarray, theirs: np.ndarray) -> Agreement:
    """Agreement of two arrays [sentences, width]."""
    found = cosines(ours, theirs)
    same = float((nearest(ours) == nearest(theirs)).mean())
    return Agreement(float(found.min()), float(found.mean()), same)
