# SPDX-License-Identifier: Apache-2.0
"""Embeddings of many sentences, privately and by ONNX Runtime on the same file, compared.

Also compared with the float model that the file was made of.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile
from collections.abc import Sequence

import numpy as np
from rich import console

from tools.lib import private_embeddings, private_run
from tools.models import compare, oracle, texts

# What MiniLM by `mpcc quantize` must reach.
_BOUNDS = {"least_cosine": 0.995, "mean_cosine": 0.998, "same_neighbour": 0.97,
           "mean_cosine_to_float": 0.99}


def _parser():
    parser = argparse.ArgumentParser(prog="tools/evaluate", description=__doc__)
    parser.add_argument("--model", default=".cache/models/minilm-w8a8.onnx")
    parser.add_argument("--float", default=".cache/models/minilm-float.onnx", metavar="FILE",
                        help="the float model, default %(default)s; '' for none")
    parser.add_argument("--buckets", default="16,32,64,128", help="sequence lengths to compile")
    parser.add_argument("--count", type=int, help="only the first sentences")
    parser.add_argument("--verify", action="store_true", help="the private program in the "
                        "interpreter ('mpcc verify') instead of three parties; seconds, no noise")
    bounds = ", ".join(f"{name} {bound}" for name, bound in _BOUNDS.items())
    parser.add_argument("--check", action="store_true", help=f"fail below {bounds}")
    parser.add_argument("--json", help="write every cosine and the totals to this file")
    return parser


def _in_the_clear(model, sentences):
    opened = oracle.Oracle(model)
    return np.stack([next(iter(opened.run_text(text).values())).ravel() for text in sentences])


def _privately(args, sentences, screen):
    """Embeddings, and the answers that they are of: none with --verify."""
    inputs = [texts.encode(text) for text in sentences]
    if args.verify:
        return private_run.verify_model(args.model, inputs, args.buckets), []
    with tempfile.TemporaryDirectory() as plans:
        private_run.compile_model(args.model, plans, args.buckets)
        answers = private_embeddings.answers(plans, inputs, screen)
    return private_embeddings.embeddings(answers), answers


def _report(args, sentences, screen):
    """What --json writes."""
    theirs = _in_the_clear(args.model, sentences)
    ours, answers = _privately(args, sentences, screen)
    agreement = compare.compare(ours, theirs)
    screen.print(f"{len(sentences)} sentences: {agreement}")
    report = {"cosines": compare.cosines(ours, theirs).tolist(), **dataclasses.asdict(agreement),
              "online_seconds": [a["stats"]["online_seconds"] for a in answers]}
    if args.float:
        to_float = compare.compare(ours, _in_the_clear(args.float, sentences))
        screen.print(f"to the float model: {to_float}")
        report |= {f"{name}_to_float": value
                   for name, value in dataclasses.asdict(to_float).items()}
    return report


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    screen = console.Console(highlight=False)
    sentences = texts.sentences()[:args.count]
    report = _report(args, sentences, screen)
    for i in np.argsort(report["cosines"])[:3]:
        screen.print(f"  least: {report['cosines'][i]:.4f}  {sentences[i][:70]}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1), encoding="utf-8")
    missed = [name for name, bound in _BOUNDS.items() if report.get(name, 1) < bound]
    for name in missed if args.check else ():
        screen.print(f"below the bound: {name} {report[name]:.4f}, at least {_BOUNDS[name]}")
    return 1 if args.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
