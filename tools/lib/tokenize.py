# SPDX-License-Identifier: Apache-2.0
"""Texts, one a line on standard input, to token ids, one JSON object a line.

The ids carry the tokenizer's special tokens. Of a model's folder texts are lowered where it says
so, as in plans that are compiled from it. Blank lines are left out. Nothing is written unless all
texts can be.
"""

import argparse
import json
import pathlib
import sys
from collections.abc import Iterable, Sequence

import tokenizers

from tools.lib import private_run

_FILE = "tokenizer.json"


def load(path: str | pathlib.Path) -> tokenizers.Tokenizer:
    """The tokenizer of a file, or of the folder of a model, which may say that texts are lowered
    first; it neither truncates nor pads."""
    path = pathlib.Path(path)
    file = path / _FILE if path.is_dir() else path
    if not file.is_file():
        raise ValueError(f"{file}: no such file; name a {_FILE}, or a folder that has one")
    text = private_run.tokenizer_in(path) if path.is_dir() else file.read_text("utf-8", "replace")
    try:
        tokenizer = tokenizers.Tokenizer.from_str(text)
    except Exception as error:  # the library raises plain Exception
        raise ValueError(f"{file}: not a tokenizer: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encode(tokenizer: tokenizers.Tokenizer, texts: Iterable[str], max_length: int | None = None,
           truncate: bool = False) -> list[dict[str, list[int]]]:
    """Ids, mask and types of each text that is not blank, as dictionaries of lists.

    Raises ValueError, naming every line, where a text has more than `max_length` tokens and is not
    to be truncated.
    """
    if truncate:
        tokenizer.enable_truncation(max_length)
    lines = [(number, text.strip()) for number, text in enumerate(texts, 1) if text.strip()]
    encoded = tokenizer.encode_batch([text for _, text in lines])
    long = [f"line {number}: {len(one.ids)} tokens" for (number, _), one
            in zip(lines, encoded, strict=True) if max_length and len(one.ids) > max_length]
    if long:
        raise ValueError("\n".join(long) + f"\n{len(long)} text(s) of more than {max_length} "
                         "tokens: shorten them, or ask for --truncate")
    return [{"input_ids": one.ids, "attention_mask": one.attention_mask,
             **({"token_type_ids": one.type_ids} if one.type_ids else {})} for one in encoded]


def _parser():
    parser = argparse.ArgumentParser(prog="tools/tokenize", description=__doc__)
    parser.add_argument("tokenizer", help=f"a {_FILE}, or a folder that has one")
    parser.add_argument("--max-length", type=int, help="most tokens of a text")
    parser.add_argument("--truncate", action="store_true",
                        help="cut longer texts to --max-length instead of refusing them")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    parser = _parser()
    args = parser.parse_args(argv)
    if args.truncate and not args.max_length:
        parser.error("--truncate needs --max-length")
    try:
        texts = sys.stdin.buffer.read().decode("utf-8").splitlines()
        for sample in encode(load(args.tokenizer), texts, args.max_length, args.truncate):
            print(json.dumps(sample))
    except (RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
