# SPDX-License-Identifier: Apache-2.0
"""Asking: what the data owner and the simulation have in common."""

import abc
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from . import errors
from ._text import Sample, Tokenizer, samples_of


@dataclasses.dataclass(frozen=True)
class Answer:
    """Of one inference: float32 arrays of the shapes that the plan says, and what it took.

    `stats` has rounds, bytes_p1_to_p2, bytes_p2_to_p1, material_bytes, online_seconds,
    exchange_seconds (of the online ones), deal_seconds at P0 and waiting_seconds for material.
    """

    outputs: dict[str, np.ndarray]
    stats: dict[str, float]


class Asker(abc.ABC):
    """Whoever answers questions with private inferences, one after another."""

    tokenizer: Tokenizer | None = None

    @property
    @abc.abstractmethod
    def longest(self) -> int:
        """The most token ids of an input."""

    @abc.abstractmethod
    def infer(self, inputs: Mapping[str, Sequence[int] | np.ndarray]) -> Answer:
        """One private inference.

        Inputs have the plan's names or usual ones (input_ids, attention_mask, token_type_ids,
        position_ids), of one sequence, shape [tokens] or [1, tokens]; missing ones but the ids get
        their usual values. Shorter ones are padded to the smallest program that holds them. Raises
        InvalidArgument for inputs that do not fit, which spend nothing; every other error is final.
        """

    def encode(self, texts: Iterable[str] | Iterable[Sample], *, truncation: bool = False,
               output: str | None = None, show_progress_bar: bool | None = None) -> np.ndarray:
        """One row for each text, float32, shape [texts, width], in the order given.

        Texts are asked by ascending length, so that inferences of a program follow one another.
        Dictionaries of ids may stand for texts. `output` names the result that is meant where the
        plan has several; it is the only one, or the only one of a single row. A progress bar is
        shown on a terminal and in notebooks, unless `show_progress_bar` says otherwise. Raises
        InvalidArgument where texts are longer than the longest program and `truncation` is not
        asked for: then none is asked.
        """
        samples = samples_of(texts, self.tokenizer, self.longest, truncation)
        order = sorted(range(len(samples)), key=lambda i: max(map(len, samples[i].values())))
        rows: dict[int, np.ndarray] = {}
        for i in _progress(order, show_progress_bar):
            rows[i] = _row_of(self.infer(samples[i]).outputs, output)
        return np.stack([rows[i] for i in range(len(samples))]) if rows else np.empty((0, 0))

    def classify(self, texts: Iterable[str] | Iterable[Sample], *, truncation: bool = False,
                 output: str | None = None, labels: Sequence[str] | None = None,
                 show_progress_bar: bool | None = None) -> list:
        """For each text the index of the largest value of its row, or its name in `labels`.

        Raises InvalidArgument as `encode`, and where rows have another width than there are labels.
        """
        rows = self.encode(texts, truncation=truncation, output=output,
                           show_progress_bar=show_progress_bar)
        if labels is not None and rows.size and len(labels) != rows.shape[1]:
            raise errors.InvalidArgument(
                f"{len(labels)} labels for results of {rows.shape[1]} values: give one for each")
        best = [int(np.argmax(row)) for row in rows]
        return best if labels is None else [labels[i] for i in best]


def _progress(order: list[int], show: bool | None) -> Iterable[int]:
    from tqdm.auto import tqdm

    return tqdm(order, desc="private inferences", disable=None if show is None else not show)


def _row_of(outputs: Mapping[str, np.ndarray], name: str | None) -> np.ndarray:
    if name is not None:
        if name not in outputs:
            raise errors.InvalidArgument(
                f"output is \"{name}\"; the plan has {', '.join(sorted(outputs))}")
        return outputs[name].reshape(-1)
    rows = [array for array in outputs.values() if array.size == array.shape[-1]]
    if len(rows) != 1:
        raise errors.InvalidArgument(
            f"{len(rows)} of the plan's results are a single row; say which with output=: "
            f"{', '.join(sorted(outputs))}")
    return rows[0].reshape(-1)


def _array_of(name: str, values: Sequence[int] | np.ndarray) -> np.ndarray:
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        array = np.array(None)
    if array.dtype.kind not in "biuf" or (array.dtype == np.uint64 and array.size
                                          and array.max() > np.iinfo(np.int64).max):
        raise errors.InvalidArgument(
            f'input "{name}" is no array of numbers of 64 bits: ids are integers of shape '
            "[tokens], or [batch, tokens] with rows of one length")
    return np.ascontiguousarray(array, np.float32 if array.dtype.kind == "f" else np.int64)


def arrays_of(inputs: Mapping[str, Sequence[int] | np.ndarray]) -> dict[str, np.ndarray]:
    """Contiguous arrays of int64, or float32 for what is no integer."""
    if not isinstance(inputs, Mapping):
        raise errors.InvalidArgument(f"inputs are {str(inputs)[:40]!r}; accepted: arrays by name, "
                                     'such as {"input_ids": [101, 102]}')
    return {name: _array_of(name, values) for name, values in inputs.items()}
