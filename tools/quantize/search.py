# SPDX-License-Identifier: Apache-2.0
"""Proposes which layers deserve wide activations, for a budget of bytes.

Each layer is made narrow alone while the others stay wide; what that loses against the teacher is
what widening it is worth. What it costs the compiler says. Layers are then widened by worth per
byte as long as the budget lasts: the greedy solution of the knapsack, as HAWQ-V3 solves it exactly
(Yao et al., arXiv 2011.10680, section 3.4).
"""

import argparse
import dataclasses
import pathlib
import subprocess
import sys
from collections.abc import Sequence

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tools.quantize import config, cost, student, teacher, text

_FIELDS = {"online": cost.online_bytes, "material": cost.material_bytes}
_LINES = 128


@dataclasses.dataclass
class Choice:
    """One layer: what its narrow form loses, and bytes of both forms."""

    layer: int
    loss: float
    narrow: int
    wide: int
    chosen: bool = False

    @property
    def price(self) -> int:
        return self.wide - self.narrow


@torch.no_grad()
def _loss(model, theirs, batch):
    """Mean square distance of the results, relative to the spread of the teacher's."""
    ours = model(*batch).output
    return float((ours - theirs).pow(2).sum() / (theirs - theirs.mean(0)).pow(2).sum())


@torch.no_grad()
def losses_by_layer(model, narrow, wide, batch, console=None):
    """What each layer loses at `narrow` bits while weights have 8 and the others `wide`."""
    theirs = model(*batch).output

    def loss(layers):
        tried = student.student_of(model, config.Widths(8, wide, layers=layers)).eval()
        tried.calibrate(batch)
        return _loss(tried, theirs, batch)

    least = loss(())
    return [max(0.0, loss(((layer, narrow),)) - least)
            for layer in track(range(model.shape.layers), description="layers", console=console)]


def choose(choices: Sequence[Choice], budget: float, fixed: int) -> int:
    """Widens layers by worth per byte while `fixed` and all layers stay within `budget`."""
    spent = fixed + sum(c.narrow for c in choices)
    for choice in sorted(choices, key=lambda c: c.loss / max(c.price, 1), reverse=True):
        if spent + choice.price <= budget:
            choice.chosen = True
            spent += choice.price
    return spent


def _parser():
    parser = argparse.ArgumentParser(
        prog="tools/quantize/search", description=__doc__.splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--teacher", required=True)
    add("--text", required=True, type=pathlib.Path)
    add("--budget", required=True, type=config.positive, help="megabytes of an inference")
    add("--of", choices=_FIELDS, default="online", help="bytes that the budget counts")
    add("--length", type=int, default=32, help="tokens of the inference")
    add("--weights", type=int, default=1, help="bits")
    add("--function", choices=("gelu", "relu"), help="of the student; the teacher's if not given")
    add("--dense", action="store_true", help="the student gets a linear layer after the mean")
    add("--narrow", type=int, default=4, help="bits")
    add("--wide", type=int, default=8, help="bits")
    return parser


def propose(args: argparse.Namespace, console: Console) -> tuple[config.Shape, list[Choice]]:
    """(the student's shape, choices by layer)."""
    if args.narrow >= args.wide:
        raise ValueError(f"--narrow is {args.narrow} and --wide {args.wide}: the narrow width is "
                         "the smaller one")
    model = teacher.load(args.teacher)
    lines = text.sample(text.read(args.text)[0], _LINES)
    longest = text.longest(args.length, model.shape.positions)
    rows = text.tokenize(teacher.tokenizer_of(args.teacher), lines, longest)
    size = _FIELDS[args.of]
    shape = model.shape.of_student(args.function, args.dense)
    narrow, wide = (cost.predict(shape, args.weights, (bits,) * model.shape.layers, args.length)
                    for bits in (args.narrow, args.wide))
    lost = losses_by_layer(model, args.narrow, args.wide, text.pad(rows), console)
    choices = [Choice(i, loss, size(narrow[f"layer.{i}"]), size(wide[f"layer.{i}"]))
               for i, loss in enumerate(lost)]
    fixed = size(narrow["total"]) - sum(c.narrow for c in choices)
    least, budget = fixed + sum(c.narrow for c in choices), args.budget * 1e6
    if budget < least:
        raise ValueError(f"the budget is {args.budget:g} MB, and with {args.narrow} bits "
                         f"everywhere an inference takes {least / 1e6:.2f} MB already")
    choose(choices, budget, fixed)
    return shape, choices


def _print(console, args, shape, choices):
    table = Table("layer", "loss if narrow", f"MB at {args.narrow} bits", f"at {args.wide}", "bits")
    for c in choices:
        table.add_row(str(c.layer), f"{c.loss:.4f}", f"{c.narrow / 1e6:.3f}", f"{c.wide / 1e6:.3f}",
                      str(args.wide if c.chosen else args.narrow))
    console.print(table)
    bits = tuple(args.wide if c.chosen else args.narrow for c in choices)
    total = _FIELDS[args.of](cost.predict(shape, args.weights, bits, args.length)["total"])
    console.print(f"{args.of} bytes of the whole: {total / 1e6:.3f} MB of {args.budget:g} MB")
    wide = ",".join(f"{c.layer}:{args.wide}" for c in choices if c.chosen)
    print(" ".join([*(["--dense"] if args.dense else []), "--weights", str(args.weights),
                    *(["--function", args.function] if args.function else []),
                    "--activations", str(args.narrow),
                    *(["--layer-activations", wide] if wide else [])]))


def main(argv: Sequence[str] | None = None) -> None:
    args, console = _parser().parse_args(argv), Console(stderr=True)
    try:
        _print(console, args, *propose(args, console))
    except (ValueError, RuntimeError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
