# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime's answer for a text or for given token ids, as JSON."""

import argparse
import json
import pathlib
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from tools.models import session as sessions
from tools.models import texts


class Oracle:
    """A model opened once. Answers are dictionaries of numpy arrays by tensor name."""

    def __init__(self, path: str | pathlib.Path, tensors: Sequence[str] = ()):
        """`tensors` names intermediate float tensors to return beside the outputs."""
        import onnx

        model = str(path)
        if tensors:
            model = onnx.load(model)
            known = {o for node in model.graph.node for o in node.output}
            for name in tensors:
                if name not in known:
                    raise ValueError(f"no tensor '{name}' in {path}")
            model = sessions.with_outputs(model, tensors)
        self._session = sessions.open_session(model)

    def run(self, encoded: Mapping[str, Sequence[int]]) -> dict[str, np.ndarray]:
        """`encoded` maps input names to flat lists, as the private run's input file does."""
        return sessions.run(self._session, texts.feeds(encoded))

    def run_text(self, text: str, length: int | None = None) -> dict[str, np.ndarray]:
        return self.run(texts.encode(text, length))


def _parser():
    parser = argparse.ArgumentParser(prog="tools/oracle", description=__doc__)
    parser.add_argument("--model", help="the ONNX file; without it only tokens are made")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", help="a sentence to tokenize")
    source.add_argument("--ids", help="JSON file with input_ids, attention_mask, token_type_ids")
    parser.add_argument("--bucket", default=",".join(map(str, texts.BUCKETS)), metavar="N,N,...",
                        help="pad to the smallest that fits, default %(default)s; 0 for no padding")
    parser.add_argument("--tensor", action="append", default=[], metavar="NAME",
                        help="also return this intermediate float tensor; repeatable")
    parser.add_argument("--write-ids", metavar="FILE", help="write the padded token ids here")
    parser.add_argument("--out", metavar="FILE", help="write the answer here, not on the screen")
    return parser


def _encoded(args):
    if args.ids:
        encoded = json.loads(pathlib.Path(args.ids).read_text(encoding="utf-8"))
        if not isinstance(encoded, dict) or not encoded.get("input_ids"):
            raise ValueError(f"{args.ids} has no list input_ids")
        return encoded
    encoded = texts.encode(args.text)
    buckets = [int(b) for b in args.bucket.split(",")]
    if buckets == [0]:
        return encoded
    return texts.encode(args.text, texts.bucket_of(len(encoded["input_ids"]), buckets))


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        encoded = _encoded(args)
        if args.write_ids:
            pathlib.Path(args.write_ids).write_text(json.dumps(encoded) + "\n", encoding="utf-8")
        if args.model:
            answer = Oracle(args.model, args.tensor).run(encoded)
            text = json.dumps({name: value.tolist() for name, value in answer.items()}) + "\n"
            if args.out:
                pathlib.Path(args.out).write_text(text, encoding="utf-8")
            else:
                sys.stdout.write(text)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
