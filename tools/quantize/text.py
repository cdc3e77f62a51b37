# SPDX-License-Identifier: Apache-2.0
"""Unlabelled text: one sentence or paragraph a line, documents set apart by empty lines."""

import hashlib
import pathlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
import torch

PADDING = 0  # its token, in BERT's vocabularies
_LEAST_LINES = 64
_Item = TypeVar("_Item")
Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # ids, mask, types


def _documents(path):
    try:
        content = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ValueError(f"{path}: {str(error.strerror).lower()}") from None
    blocks, block = [], []
    for line in (*content.splitlines(), ""):
        if line.strip():
            block.append(line.strip())
        elif block:
            blocks.append(block)
            block = []
    if len(blocks) < 20:  # a file without empty lines: every line stands for itself
        blocks = [[line] for b in blocks for line in b]
    return blocks


def is_held_out(document, share=0.02):
    """Decided by the document's first line, so that it stays so whatever else is added."""
    digest = hashlib.sha256(document[0].encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def read(path: str | pathlib.Path, share: float = 0.02) -> tuple[list[str], list[str]]:
    """(training lines, held-out lines); no document is in both."""
    documents = _documents(path)
    seen: set[str] = set()
    parts: tuple[list[str], list[str]] = ([], [])
    for document in documents:
        held = is_held_out(document, share)
        for line in document:
            if line not in seen:
                seen.add(line)
                parts[held].append(line)
    if not parts[1]:
        cut = max(1, len(parts[0]) // 20)
        parts = (parts[0][:-cut], parts[0][-cut:])
    if len(parts[0]) < _LEAST_LINES:
        raise ValueError(f"{path}: {len(seen)} different lines of text; at least "
                         f"{_LEAST_LINES + 1} are needed, and some 100000 for a good student")
    return parts


def sample(items: Sequence[_Item], count: int, seed: int = 1) -> list[_Item]:
    """At most `count` of the items in their order, the same ones whenever the items are."""
    chosen = np.random.default_rng(seed).permutation(len(items))[:count]
    return [items[i] for i in sorted(chosen)]


def tokenize(tokenizer, lines, longest):
    """For each line, or pair of lines, an int32 array [tokens, 2] of ids and types.

    What is longer than `longest` tokens is cut, and its last token kept.
    """
    out = []
    for start in range(0, len(lines), 4096):
        for encoded in tokenizer.encode_batch(lines[start : start + 4096]):
            out.append(window(np.array([encoded.ids, encoded.type_ids], np.int32).T, longest))
    return out


def window(row: np.ndarray, most: int, start: int = 1) -> np.ndarray:
    """At most `most` tokens of a row: its first, those from `start` on, its last."""
    if len(row) <= most:
        return row
    return np.concatenate([row[:1], row[start : start + most - 2], row[-1:]])


def longest(wanted: int, positions: int) -> int:
    """The longest row to make: padded, it still fits the model's positions."""
    fitting = positions // 32 * 32
    if not wanted >= 3 or not fitting:
        raise ValueError(f"lines of {wanted} tokens for a model of {positions} positions: at "
                         "least 3 and 32 are needed")
    return min(wanted, fitting)


def pad(rows: Sequence, device: str | torch.device = "cpu") -> Batch:
    """(ids, mask, types) as int64 tensors, padded to one of few lengths."""
    most = max(len(r) for r in rows)
    most += -most % (8 if most <= 64 else 16)
    both = np.zeros((2, len(rows), most), np.int64)  # ids, types
    both[0] = PADDING
    for i, row in enumerate(rows):
        both[:, i, : len(row)] = row.T
    lengths = torch.tensor([len(r) for r in rows])
    mask = (torch.arange(most)[None, :] < lengths[:, None]).long()
    ids, types = torch.from_numpy(both)
    return ids.to(device), mask.to(device), types.to(device)


def by_length(rows: Sequence, size: int,
              device: str | torch.device = "cpu") -> Iterator[tuple[list[int], Batch]]:
    """(their indices, the padded batch) of `size` rows at a time, short ones first."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        yield chosen, pad([rows[i] for i in chosen], device)


class Batches:
    """Batches of similar length in an order that only the seed and the step decide.

    Of a row longer than `most` tokens a random window is taken.
    """

    def __init__(self, rows: Sequence[np.ndarray], size: int, seed: int, most: int | None = None,
                 pool: int = 32):
        self.rows, self.size, self.seed, self.pool = rows, min(size, len(rows)), seed, pool
        self.most = most or max(len(row) for row in rows)
        self.per_epoch = len(rows) // self.size
        self._epoch: int | None = None
        self._order: list[np.ndarray] = []

    def _shuffle(self, epoch):
        rng = np.random.default_rng([self.seed, epoch])
        order = rng.permutation(len(self.rows))[: self.per_epoch * self.size]
        lengths = np.array([min(len(self.rows[i]), self.most) for i in order])
        batches = []
        for start in range(0, len(order), self.pool * self.size):
            part = order[start : start + self.pool * self.size]
            part = part[np.argsort(lengths[start : start + len(part)], kind="stable")]
            batches += list(part.reshape(-1, self.size))
        self._order = [batches[i] for i in rng.permutation(len(batches))]
        self._epoch = epoch

    def at(self, step: int, device: str | torch.device = "cpu") -> Batch:
        epoch, index = divmod(step, self.per_epoch)
        if epoch != self._epoch:
            self._shuffle(epoch)
        rng = np.random.default_rng([self.seed, epoch, index])
        return pad([self._window(self.rows[i], rng) for i in self._order[index]], device)

    def _window(self, row, rng):
        return window(row, self.most, rng.integers(1, max(2, len(row) - self.most + 2)))
