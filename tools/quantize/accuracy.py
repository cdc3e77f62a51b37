# SPDX-License-Identifier: Apache-2.0
"""What a quantized encoder keeps of its teacher, and what privacy then costs.

Held-out lines go through the teacher, through ONNX Runtime and through three parties; if the run's
student lies beside the file, through PyTorch too. Results gather in a JSON file under a label;
--table prints them as Markdown.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Console

from tools.lib import private_embeddings, private_run
from tools.models import compare, oracle, texts
from tools.quantize import evaluate, student, teacher, text

_WAYS = ("PyTorch", "ONNX Runtime", "private")
_MEASURES = {"spearman": "Spearman", "top1": "top-1", "top10": "top-10", "cosine": "cosine"}


# Measures ---------------------------------------------------------------------------------------


def _nearest(rows, count):
    """Indices of the `count` nearest other rows, as a set for each row."""
    similarity = rows @ rows.T
    np.fill_diagonal(similarity, -np.inf)
    return [set(row) for row in np.argsort(-similarity, axis=1, kind="stable")[:, :count]]


def retrieval(ours: np.ndarray, theirs: np.ndarray, count: int) -> float:
    """Mean share of the `count` nearest rows that both have in common."""
    pairs = zip(_nearest(ours, count), _nearest(theirs, count), strict=True)
    return statistics.fmean(len(a & b) / count for a, b in pairs)


def measures(ours: np.ndarray, theirs: np.ndarray) -> dict[str, float]:
    """How much of the teacher's embeddings `theirs` is in `ours`, by the names of _MEASURES."""
    ours, theirs = (compare.unit(np.asarray(rows, np.float64)) for rows in (ours, theirs))
    count = min(10, len(ours) - 1)
    return {"spearman": evaluate.similarity_spearman(ours, theirs),
            "top1": retrieval(ours, theirs, 1), "top10": retrieval(ours, theirs, count),
            "cosine": float((ours * theirs).sum(1).mean())}


def _costs(found, rows):
    """Medians over the answers of one bucket, by its length."""
    by_length: dict[int, list[dict]] = {}
    for answer, row in zip(found, rows, strict=True):
        by_length.setdefault(texts.bucket_of(len(row)), []).append(answer["stats"])
    fields = ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes", "online_seconds")
    return {length: {f: statistics.median(s[f] for s in stats) for f in fields}
            | {"count": len(stats)} for length, stats in sorted(by_length.items())}


# The three ways ---------------------------------------------------------------------------------


def _encoded(row):
    ids, types = row.T.tolist()
    return {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types}


def _by_onnx_runtime(path, rows):
    model = oracle.Oracle(path)
    return np.stack([next(iter(model.run(_encoded(row)).values())).ravel() for row in rows])


def _privately(path, rows, options, console):
    lengths = {texts.bucket_of(len(row)) for row in rows}
    with tempfile.TemporaryDirectory() as plans:
        private_run.compile_model(path, plans, ",".join(map(str, sorted(lengths))), *options)
        return private_embeddings.answers(plans, [_encoded(row) for row in rows], console)


def _measure(args, console):
    """The entry of one model."""
    model = teacher.load(args.teacher)
    held_out = text.read(args.text)[1]
    if not 3 <= args.count <= len(held_out):
        raise ValueError(f"{args.count} sentences are asked for; at least 3 are needed, and "
                         f"{len(held_out)} lines are held out")
    lines = text.sample(held_out, args.count, args.seed)
    longest = text.longest(max(texts.BUCKETS), model.shape.positions)
    rows = text.tokenize(teacher.tokenizer_of(args.teacher), lines, longest)
    theirs = evaluate.outputs(model, rows)
    entry = {"sentences": len(rows), "seed": args.seed, "options": args.compile.split()}
    file = args.student or args.model.with_suffix(".work") / "student.pt"
    if args.student or file.is_file():
        entry["PyTorch"] = measures(evaluate.outputs(student.load(file), rows), theirs)
    exact = _by_onnx_runtime(args.model, rows)
    entry["ONNX Runtime"] = measures(exact, theirs)
    if not args.no_private:
        found = _privately(args.model, rows, entry["options"], console)
        ours = private_embeddings.embeddings(found)
        entry["private"] = measures(ours, theirs)
        entry["to ONNX Runtime"] = measures(ours, exact)
        entry["costs"] = _costs(found, rows)
    return entry


# Results ----------------------------------------------------------------------------------------


def _load(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _store(path, label, entry):
    path.parent.mkdir(parents=True, exist_ok=True)
    results = _load(path) | {label: entry}
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _markdown(header, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines) + "\n"


def accuracy_table(results):
    """Each measure of each model, by the way it was computed."""
    header = ["model", "computed by", *_MEASURES.values()]
    rows = [[label, way, *(f"{entry[way][m]:.3f}" for m in _MEASURES)]
            for label, entry in results.items() for way in _WAYS if way in entry]
    return _markdown(header, rows)


def cost_table(results: Mapping[str, Any], length: int) -> str:
    """What an inference of `length` tokens took."""
    header = ["model", "rounds", "MB P1 to P2", "MB P2 to P1", "MB of material", "online ms"]
    rows = []
    for label, entry in results.items():
        cost = {int(k): v for k, v in entry.get("costs", {}).items()}.get(length)
        if cost:
            mega = [f"{cost[f] / 1e6:.2f}"
                    for f in ("bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes")]
            rows.append([label, f"{cost['rounds']:.0f}", *mega,
                         f"{1e3 * cost['online_seconds']:.1f}"])
    return _markdown(header, rows)


def _parser():
    parser = argparse.ArgumentParser(
        prog="tools/quantize/accuracy", description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--results", required=True, type=pathlib.Path, help="JSON file that gathers results")
    add("--table", action="store_true", help="print the results as Markdown")
    add("--length", type=int, default=32, help="tokens of the inferences in the table of costs")
    add("--label", help="of the model in the results; the file's name if not given")
    add("--model", type=pathlib.Path, help="the quantized ONNX file")
    add("--teacher", help="as for tools/quantize/quantize")
    add("--student", type=pathlib.Path, metavar="STUDENT.pt", help="of the model, for PyTorch; if "
        "not given, that in the folder beside the model, where there is one")
    add("--text", type=pathlib.Path, help="as for tools/quantize/quantize; held-out lines are used")
    add("--count", type=int, default=200, help="held-out lines")
    add("--seed", type=int, default=1, help="chooses the lines")
    add("--compile", default="", metavar="OPTIONS", help="more options of mpcc compile")
    add("--no-private", action="store_true", help="leave the private runs out")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    parser = _parser()
    args = parser.parse_args(argv)
    try:
        if not args.table:
            if not (args.model and args.teacher and args.text):
                parser.error("--model, --teacher and --text are needed, or --table")
            entry = _measure(args, Console(stderr=True))
            _store(args.results, args.label or args.model.stem, entry)
        results = _load(args.results)
        print(accuracy_table(results), cost_table(results, args.length), sep="\n")
    except (ValueError, RuntimeError, OSError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
