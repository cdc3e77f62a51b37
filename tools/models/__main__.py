# SPDX-License-Identifier: Apache-2.0
"""Command line: make named models, or a random BERT of any shape and width."""

import argparse
import sys
import time
from collections.abc import Sequence

from tools.models import registry

# option -> (type, help); each is a field of random_bert.BertConfig
_SHAPE = {
    "layers": (int, "encoder layers"), "hidden": (int, "width of the model"),
    "heads": (int, "attention heads"), "intermediate": (int, "width of the feed-forward layer"),
    "vocab": (int, "rows of the word table"), "positions": (int, "longest sequence"),
    "labels": (int, "classes; 0 for the mean over the tokens"),
    "weights": (int, "bits of a weight, 1 to 8"),
    "activations": (int, "bits of an activation, 2 to 8"), "function": (str, "gelu or relu"),
    "seed": (int, "seed of the random weights"),
}
_SWITCHES = {"per_channel": "one weight scale per output",
             "dense": "a linear layer after the mean, with --labels 0",
             "move": "a shift before each quantization"}


def _parser():
    parser = argparse.ArgumentParser(
        prog="tools/make-model", description="Make quantized ONNX models.",
        epilog="models: " + ", ".join(registry.MODELS) + "; or bert with the shape options")
    parser.add_argument("names", nargs="+", metavar="MODEL")
    parser.add_argument("--out", default=".cache/models", metavar="DIR",
                        help="where the files go, default %(default)s")
    shape = parser.add_argument_group("bert with random weights")
    for option, (kind, text) in _SHAPE.items():
        shape.add_argument("--" + option, type=kind, help=text)
    for option, text in _SWITCHES.items():
        shape.add_argument("--" + option.replace("_", "-"), action="store_true", help=text)
    shape.add_argument("--name", default="bert", help="name of the file, default %(default)s")
    return parser


def _custom_bert(args):
    given = {o: getattr(args, o) for o in (*_SHAPE, *_SWITCHES)}
    return {o: v for o, v in given.items() if v is not None and v is not False}


def main(argv: Sequence[str] | None = None) -> int:
    parser = _parser()
    args = parser.parse_args(argv)
    for name in args.names:
        if name != "bert" and name not in registry.MODELS:
            parser.error(f"unknown model '{name}': choose from {', '.join(registry.MODELS)}, bert")
    for name in args.names:
        start = time.monotonic()
        try:
            if name == "bert":
                path = registry.make(args.name, args.out, "random_bert", _custom_bert(args))
            else:
                path = registry.make(name, args.out)
        except ValueError as error:
            parser.error(str(error))
        except RuntimeError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB  {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
