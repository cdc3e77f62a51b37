# SPDX-License-Identifier: Apache-2.0
"""Predicted costs of models and network profiles, one line each: what a change does to them."""

import argparse
import difflib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

from tools.lib import bench_model, private_run
from tools.models import registry

GOLDEN = private_run.ROOT / "test/costs.golden"

# model, tokens, options of mpcc compile
ROWS = (
    ("bert-test-w1a4", 16, ()),
    ("bert-test-w2a3", 16, ()),
    ("bert-test-w8a8", 16, ()),
    ("bert-tiny-w1a4", 16, ()),
    ("bert-tiny-w1a4", 16, ("--lowering", "paper", "--allow-leak", "rounding-coins")),
    ("bert-tiny-w1a4", 128, ()),
    ("minilm-layer-w8a8", 16, ()),
    ("minilm-layer-w8a8", 16, ("--net", "wan")),
    ("minilm-w1a4", 16, ()),
    ("minilm-w1a4", 16, ("--net", "lan")),
    ("minilm-w1a4", 16, ("--net", "wan")),
    ("minilm-w1a4", 16, ("--net", "wan", "--uplink", "bw=100mbit")),
    ("minilm-w8a8", 16, ()),
    ("minilm-w8a8", 128, ()),
    ("bert-base-w1a4", 16, ()),
    ("bert-base-w1a4-relu", 16, ()),
)
# Constructions, and the policy without each; in parentheses what is used only if it is asked for.
ABLATIONS = (
    ("bits found before they enter a ring", "read-by-bits=0"),
    ("saturation by digits", "read-by-digits=0"),
    ("leading bits read in one round", "leading-joined=1"),
    ("functions by lines", "function-lines=0"),
    ("quantizers that round reals", "rounded-bits=0"),
    ("narrow accumulators before few bits", "narrow-fold-bits=7"),
    ("narrow rows before few bits", "norm-narrow-bits=0"),
    ("narrow softmax of few bits", "softmax-narrow-bits=0"),
    ("levels of short rows by dealt tables", "softmax-table-row=0"),
    ("wide rows before more bits", "norm-narrow-bits=16"),
    ("wide softmax of more bits", "softmax-narrow-bits=16"),
    ("(with scores declared below 5.5)", "softmax-bound=5.5"),
)
_COUNTS = ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes", "setup_bytes")
_HEAD = ("# Written by tools/costs; a test compares it. Rounds; bytes from P1 to P2, from P2 to\n"
         "# P1, of material and of the set-up; model, tokens and options of mpcc compile.\n")


def _file(model):
    kept = private_run.ROOT / "models" / f"{model}.onnx"
    return kept if kept.is_file() else registry.make(model, private_run.ROOT / ".cache/models")


def counts(file: private_run.Path, tokens: int, options: Sequence[str]) -> dict[str, int]:
    """What `mpcc inspect --json` says that an inference of a model costs, by name."""
    with tempfile.TemporaryDirectory() as folder:
        private_run.compile_model(file, folder, tokens, *options)
        plan = f"{folder}/party2.plan"
        done = subprocess.run([private_run.BIN / "mpcc", "inspect", plan, "--json"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["programs"][0]["cost"]


def line(model: str, tokens: int, options: tuple[str, ...]) -> str:
    """The counts of the plans of a model, and what they are of."""
    cost = counts(_file(model), tokens, options)
    row = " ".join(f"{cost[name]:>10}" for name in _COUNTS)
    return f"{row}  {' '.join((model, str(tokens), *options))}\n"


def difference() -> str:
    """How the file differs from what the compiler says now; empty if it does not."""
    now = [*_HEAD.splitlines(keepends=True), *(line(*row) for row in ROWS)]
    before = GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, now, "test/costs.golden", "now", n=0))


def _milliseconds(file: private_run.Path, tokens: int, options: Sequence[str],
                  repeat: int) -> float:
    """Of an inference online, three processes of this machine; the median."""
    with tempfile.TemporaryDirectory() as folder:
        plans = private_run.compile_model(file, folder, tokens, *options).plans
        answers = bench_model.run(plans, tokens, repeat)
    return 1e3 * statistics.median(answer["stats"]["online_seconds"] for answer in answers)


def ablations(file: private_run.Path, tokens: int, options: Sequence[str],
              samples: list[dict] | None, repeat: int = 0) -> Iterator[str]:
    """Lines of a table in Markdown: what each construction saves, switched off alone.

    With `repeat` also the median time online of so many inferences. With `samples`, lists by
    input name, also how many of the quantized integers are the file's where each site is fed the
    file's own, and the least cosine of an answer.
    """
    head = ["without", "rounds", "MB P1 to P2", "material MB", *["online ms"] * bool(repeat),
            *["equal", "cosine"] * bool(samples)]
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join(['---'] * len(head))} |"
    for name, policy in (("", ()), *((name, ("--policy", keys)) for name, keys in ABLATIONS)):
        try:
            cost = counts(file, tokens, (*options, *policy))
        except RuntimeError as refused:
            yield f"| {name} | refused: {str(refused).splitlines()[0]} |"
            continue
        cells = [name or "(all there)", str(cost["rounds"]),
                 f"{cost['bytes_p1_to_p2'] / 1e6:.2f}", f"{cost['material_bytes'] / 1e6:.1f}"]
        if repeat:
            cells.append(f"{_milliseconds(file, tokens, (*options, *policy), repeat):.0f}")
        if samples:
            alone = private_run.verify(file, samples, tokens, "--each-site", *options, *policy)
            whole = private_run.verify(file, samples, tokens, *options, *policy)
            cells += [f"{100 * alone['equal']:.2f} %",
                      f"{min(answer['cosine'] for answer in whole['answers']):.4f}"]
        yield f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/costs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--ablation", metavar="MODEL",
                        help="print what each construction saves for a model or an ONNX file")
    parser.add_argument("--tokens", type=int, default=16, help="of --ablation (16)")
    parser.add_argument("--inputs", metavar="IDS.JSONL",
                        help="for --ablation: inputs to compare with the file, as mpcc verify does")
    parser.add_argument("--time", type=int, default=0, metavar="N",
                        help="for --ablation: the time of N inferences too")
    parser.add_argument("options", nargs="*", help="of mpcc compile, for --ablation, behind --")
    arguments = parser.parse_args()
    if arguments.ablation:
        named = pathlib.Path(arguments.ablation)
        samples = None
        if arguments.inputs:
            lines = pathlib.Path(arguments.inputs).read_text(encoding="utf-8").splitlines()
            samples = [json.loads(line) for line in lines]
        for row in ablations(named if named.is_file() else _file(arguments.ablation),
                             arguments.tokens, arguments.options, samples,
                             arguments.time):
            print(row, flush=True)
        return 0
    if arguments.check:
        found = difference()
        sys.stdout.write(found)
        return 1 if found else 0
    GOLDEN.write_text(_HEAD + "".join(line(*row) for row in ROWS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
