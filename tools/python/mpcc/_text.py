# SPDX-License-Identifier: Apache-2.0
"""Texts to token ids."""

import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from . import errors
from ._programs import run_compiler
from ._runtime import Plan

TOKENIZER_FILE = "tokenizer.json"

Sample = Mapping[str, Sequence[int]]


class Tokenizer:
    """A `tokenizer.json` of the Hugging Face library, which neither truncates nor pads.

    `path` is the file, or the folder of a model that has one, and may say that texts are lowered
    first. Raises InvalidArgument where it is none.
    """

    def __init__(self, path: str | os.PathLike):
        named = pathlib.Path(path)
        file = named / TOKENIZER_FILE if named.is_dir() else named
        if not file.is_file():
            raise errors.InvalidArgument(
                f"{file}: no such file; name a {TOKENIZER_FILE}, or a folder that has one")
        text = (run_compiler("inspect", named, "--tokenizer") if named.is_dir() else
                file.read_text(encoding="utf-8", errors="replace"))
        self._load(text, str(file))

    @classmethod
    def from_text(cls, text: str, origin: str) -> "Tokenizer":
        """Of what such a file holds; `origin` is for messages."""
        made = cls.__new__(cls)
        made._load(text, origin)
        return made

    def _load(self, text: str, origin: str) -> None:
        import tokenizers

        try:
            self._tokenizer = tokenizers.Tokenizer.from_str(text)
        except Exception as error:  # the library raises plain Exception
            raise errors.InvalidArgument(
                f"{origin}: not a tokenizer: {error}; name a {TOKENIZER_FILE} of the Hugging Face "
                "library") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.text = text

    def encode(self, texts: Iterable[str], longest: int | None = None,
               truncation: bool = False) -> list[dict[str, list[int]]]:
        """input_ids, attention_mask and token_type_ids of each text, with special tokens.

        Raises InvalidArgument, naming each, where texts have more than `longest` tokens and are not
        to be truncated.
        """
        listed = [texts] if isinstance(texts, str) else list(texts)
        if truncation and longest:
            self._tokenizer.enable_truncation(longest)
        try:
            encoded = self._tokenizer.encode_batch(listed)
        finally:
            self._tokenizer.no_truncation()
        long = [f"text {i}: {len(one.ids)} tokens" for i, one in enumerate(encoded)
                if longest and len(one.ids) > longest]
        if long:
            raise errors.InvalidArgument(
                "\n".join(long[:10]) + f"\n{len(long)} text(s) of more than {longest} tokens: "
                "shorten them, compile for longer ones, or ask for truncation=True")
        return [{"input_ids": one.ids, "attention_mask": one.attention_mask,
                 "token_type_ids": one.type_ids} for one in encoded]


def tokenizer_in(plan: Plan) -> Tokenizer | None:
    """The one that travels in P1's plan."""
    return Tokenizer.from_text(plan.tokenizer, "the plan's tokenizer") if plan.tokenizer else None


def tokenizer_of(tokenizer: "Tokenizer | str | os.PathLike | None") -> Tokenizer | None:
    """Opens a file or folder; what is open, or none, stays."""
    if tokenizer is None or isinstance(tokenizer, Tokenizer):
        return tokenizer
    return Tokenizer(tokenizer)


_ACCEPTED = 'accepted: texts, or dictionaries of ids such as {"input_ids": [101, 102]}'


def _sample_of(index: int, given: Any) -> dict[str, list[int]]:
    if not isinstance(given, Mapping) or not given:
        raise errors.InvalidArgument(f"input {index} is {str(given)[:40]!r}; {_ACCEPTED}")
    sample = {}
    for name, values in given.items():
        array = np.asarray(values) if np.isscalar(values) else np.asarray(values, object)
        if not all(isinstance(x, (int, np.integer, np.bool_)) for x in array.flat):
            raise errors.InvalidArgument(
                f'"{name}" of input {index} has what is no integer; {_ACCEPTED}')
        sample[name] = [int(x) for x in array.flat]
    return sample


def _without_usual_types(sample: dict[str, list[int]]) -> dict[str, list[int]]:
    """Zeros stand for types that are not given, and not every model takes types."""
    if any(sample["token_type_ids"]):
        return sample
    return {name: values for name, values in sample.items() if name != "token_type_ids"}


def samples_of(inputs: Iterable[str] | Iterable[Sample], tokenizer: Tokenizer | None,
               longest: int | None = None, truncation: bool = False) -> list[dict]:
    """Inputs of a model: texts through the tokenizer, dictionaries of ids as they are.

    Raises InvalidArgument for anything else.
    """
    if not isinstance(inputs, Iterable):
        raise errors.InvalidArgument(f"inputs are {inputs!r}; {_ACCEPTED}")
    listed: list = [inputs] if isinstance(inputs, (str, Mapping)) else list(inputs)
    texts = [one for one in listed if isinstance(one, str)]
    if not texts:
        return [_sample_of(i, one) for i, one in enumerate(listed)]
    if len(texts) < len(listed):
        raise errors.InvalidArgument(
            f"{len(texts)} of {len(listed)} inputs are texts; {_ACCEPTED}, not both at once")
    if tokenizer is None:
        raise errors.InvalidArgument("texts need a tokenizer: give tokenizer=, a tokenizer.json")
    return [_without_usual_types(one) for one in tokenizer.encode(texts, longest, truncation)]
