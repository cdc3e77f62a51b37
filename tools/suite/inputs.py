# SPDX-License-Identifier: Apache-2.0
"""Inputs of the files: token ids from seeds, so that files and answers can be made again."""

import dataclasses

import numpy as np

VOCABULARY = 100
BUCKET = 16
CALIBRATION_SEED, CALIBRATION_COUNT = 11, 32
ASKED_SEED, ASKED_COUNT = 23, 6
FIRST_WORD = 5  # ids below are special tokens


@dataclasses.dataclass(frozen=True)
class Tokens:
    """The special ids of a tokenizer, and the inputs that its models take."""

    first: int
    last: int
    pad: int
    names: tuple[str, ...]


BERT = Tokens(2, 3, 0, ("input_ids", "attention_mask", "token_type_ids"))
NO_TYPES = Tokens(2, 3, 0, ("input_ids", "attention_mask"))
ROBERTA = Tokens(0, 2, 1, ("input_ids", "attention_mask"))


def ids(tokens: Tokens, seed: int, count: int, longest: int = BUCKET) -> list[list[int]]:
    """`count` lists of ids with the usual first and last token, of 3 to `longest` tokens."""
    random = np.random.RandomState(seed)
    found = []
    for i in range(count):
        length = longest if i == 0 else random.randint(3, longest + 1)
        words = random.randint(FIRST_WORD, VOCABULARY, size=length - 2)
        found.append([tokens.first, *map(int, words), tokens.last])
    return found


def feeds(tokens: Tokens, sequence: list[int], length: int | None = None) -> dict[str, np.ndarray]:
    """int64 arrays of shape [1, length] by input name; `length` pads, the mask says what counts."""
    count = len(sequence)
    pad = (length or count) - count
    values = {
        "input_ids": sequence + [tokens.pad] * pad,
        "attention_mask": [1] * count + [0] * pad,
        "token_type_ids": [int(i >= count // 2) for i in range(count)] + [0] * pad,
    }
    return {name: np.array([values[name]], np.int64) for name in tokens.names}
