# SPDX-License-Identifier: Apache-2.0
"""Embeddings of many sentences, privately and by ONNX Runtime on the same file, compared."""

import argparse
import json
import pathlib
import sys
import tempfile

import numpy as np
from rich import console

from tools.lib import private_embeddings, private_run
from tools.models import compare, oracle, texts

_LEAST_COSINE, _SAME_NEIGHBOUR = 0.99, 0.97  # what docs/numerics.md says of the W8A8 model


def _parser():
    parser = argparse.ArgumentParser(prog="tools/evaluate", description=__doc__)
    parser.add_argument("--model", default=".cache/models/minilm-w8a8.onnx")
    parser.add_argument("--buckets", default="16,32,64,128", help="sequence lengths to compile")
    parser.add_argument("--count", type=int, help="only the first sentences")
    parser.add_argument("--verify", action="store_true", help="the private program in the "
                        "interpreter ('mpcc verify') instead of three parties; seconds, no noise")
    parser.add_argument("--check", action="store_true", help="fail below a cosine of "
                        f"{_LEAST_COSINE} or {100 * _SAME_NEIGHBOUR:.0f} %% same neighbours")
    parser.add_argument("--json", help="write every cosine and the totals to this file")
    return parser


def main(argv=None):
    args = _parser().parse_args(argv)
    screen = console.Console(highlight=False)
    sentences = texts.sentences()[:args.count]
    reference = oracle.Oracle(args.model)
    theirs = np.stack([next(iter(reference.run_text(text).values())).ravel()
                       for text in sentences])
    inputs = [texts.encode(text) for text in sentences]
    answers = []
    if args.verify:
        ours = private_run.verify_model(args.model, inputs, args.buckets)
    else:
        with tempfile.TemporaryDirectory() as plans:
            private_run.compile_model(args.model, plans, args.buckets)
            answers = private_embeddings.answers(plans, inputs, screen)
        ours = private_embeddings.embeddings(answers)
    agreement = compare.compare(ours, theirs)
    cosines = [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
               for a, b in zip(ours, theirs, strict=True)]
    screen.print(f"{len(sentences)} sentences: {agreement}")
    for i in np.argsort(cosines)[:3]:
        screen.print(f"  least: {cosines[i]:.4f}  {sentences[i][:70]}")
    if args.json:
        report = {"cosines": cosines, "least_cosine": agreement.least_cosine,
                  "mean_cosine": agreement.mean_cosine,
                  "same_neighbour": agreement.same_neighbour,
                  "online_seconds": [a["stats"]["online_seconds"] for a in answers]}
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1), encoding="utf-8")
    close = (agreement.least_cosine >= _LEAST_COSINE
             and agreement.same_neighbour >= _SAME_NEIGHBOUR)
    return 0 if close or not args.check else 1


if __name__ == "__main__":
    sys.exit(main())
