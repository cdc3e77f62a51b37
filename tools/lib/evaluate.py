# SPDX-License-Identifier: Apache-2.0
"""Embeddings of many sentences, privately and by ONNX Runtime on the same file, compared."""

import argparse
import json
import pathlib
import tempfile

import numpy as np
from rich import console, progress

from tools.lib import private_run
from tools.models import compare, oracle, texts

_BATCH = 10  # sentences to one set-up of the parties, so that progress shows


def _parser():
    parser = argparse.ArgumentParser(prog="tools/evaluate", description=__doc__)
    parser.add_argument("--model", default=".cache/models/minilm-w8a8.onnx")
    parser.add_argument("--buckets", default="16,32,64,128", help="sequence lengths to compile")
    parser.add_argument("--count", type=int, help="only the first sentences")
    parser.add_argument("--json", help="write every cosine and the totals to this file")
    return parser


def _private(plans, folder, sentences, screen):
    answers = []
    with progress.Progress(console=screen) as bar:
        task = bar.add_task("private runs", total=len(sentences))
        for start in range(0, len(sentences), _BATCH):
            files = []
            for i, text in enumerate(sentences[start:start + _BATCH], start):
                files.append(folder / f"{i}.json")
                files[-1].write_text(json.dumps(texts.encode(text)), encoding="utf-8")
            answers += private_run.run_parties(plans, files)
            bar.update(task, advance=len(files))
    return answers


def _embedding(answer):
    (output,) = answer["outputs"].values()
    return np.asarray(output["values"], np.float64)


def main(argv=None):
    args = _parser().parse_args(argv)
    screen = console.Console(highlight=False)
    sentences = texts.sentences()[:args.count]
    reference = oracle.Oracle(args.model)
    theirs = np.stack([next(iter(reference.run_text(text).values())).ravel()
                       for text in sentences])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        private_run.compile_model(args.model, folder / "plans", args.buckets)
        answers = _private(folder / "plans", folder, sentences, screen)
    ours = np.stack([_embedding(answer) for answer in answers])
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


if __name__ == "__main__":
    main()
