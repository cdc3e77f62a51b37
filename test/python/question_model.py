# SPDX-License-Identifier: Apache-2.0
"""A small model as a program of shares, what it answers in the clear, and P1 asking it.

linear 8 to 8, the top six bits, linear 8 to 2, revealed in full. The top bits are rounded at random
(`mpc.extract`) or exact (`mpc.read_bits` and `mpc.from_bits`).
"""

import dataclasses
import json
import pathlib
import subprocess

import numpy as np

from tools.lib import private_run

HIDDEN, RESULTS = 8, 2
RING, INDEX, WIDE = 16, 6, 32  # bits of the first sums, of the index, of the results
LOW = RING - INDEX

_ROUNDED = """
  %i = mpc.extract %y : !mpc.add<1x8, 16> -> !mpc.add<1x8, 6>
  %m = mpc.reshare %i : !mpc.add<1x8, 6> -> !mpc.rss<1x8, 6>
  %t = mpc.constant dense<TABLE> : tensor<1x64xi32> : !mpc.private<1x64, 32>
  %h = mpc.lut %m, %t {shift = 0 : i64} : (!mpc.rss<1x8, 6>, !mpc.private<1x64, 32>)
      -> !mpc.add<1x8, 32>"""

_PROGRAM = """
func.func @f(%p: tensor<1x8xf32> {nn.owner = "data", nn.name = "x"})
    -> (tensor<1x2xf32> {nn.name = "y"}) {
  %a = mpc.encode %p {fraction_bits = 0 : i64} : tensor<1x8xf32> -> tensor<1x8xi16>
  %x = mpc.input %a : tensor<1x8xi16> -> !mpc.rss<1x8, 16>
  %w = mpc.constant dense<FIRST> : tensor<8x8xi16> : !mpc.private<8x8, 16>
  %b = mpc.constant dense<OFFSETS> : tensor<8xi16> : !mpc.private<8, 16>
  %y = mpc.linear %x, %w, %b : (!mpc.rss<1x8, 16>, !mpc.private<8x8, 16>, !mpc.private<8, 16>)
      -> !mpc.add<1x8, 16>TOP_BITS
  %n = mpc.reshare %h : !mpc.add<1x8, 32> -> !mpc.rss<1x8, 32>
  %v = mpc.constant dense<LAST> : tensor<8x2xi16> : !mpc.private<8x2, 32>
  %c = mpc.constant dense<ENDS> : tensor<2xi16> : !mpc.private<2, 32>
  %z = mpc.linear %n, %v, %c : (!mpc.rss<1x8, 32>, !mpc.private<8x2, 32>, !mpc.private<2, 32>)
      -> !mpc.add<1x2, 32>
  %r = mpc.reveal %z {fraction_bits = 0 : i64} : !mpc.add<1x2, 32> -> tensor<1x2xf32>
  return %r : tensor<1x2xf32>
}
"""


def _words(bits, holds):
    """The table of a digit's function, bit u - v + 2^bits, as signed words."""
    span = 1 << bits
    table = sum(1 << d + span for d in range(1 - span, span) if holds(d))
    return [int(np.uint64(table >> start & (1 << 64) - 1).astype(np.int64))
            for start in range(0, 2 * span, 64)]


def _exact():
    """The same index from digits of 6, 5 and 5 bits: T - b, T being the difference of the top ones.

    Planes: bits of T, those of T - 1, then what makes the borrow b of the low digits.
    """
    reads = [(0, _words(INDEX, lambda d, k=k, less=less: (d - less) % 64 >> k & 1))
             for less in (0, 1) for k in range(INDEX)]
    below, equal = _words(5, lambda d: d < 0), _words(5, lambda d: d == 0)
    reads += [(1, below), (1, equal), (2, below)]
    first, second, third = (1 << 2 * INDEX + i for i in range(3))
    terms = {}
    for k in range(INDEX):
        value = 1 << k if k < INDEX - 1 else -(1 << k)
        now, before = 1 << k, 1 << INDEX + k
        terms[now] = value
        for borrow in (first, second | third):
            terms |= {now | borrow: -value, before | borrow: value}
    terms = dict(sorted(terms.items()))

    def numbers(values):
        return "array<i64: " + ", ".join(map(str, values)) + ">"

    planes = len(reads)
    return f"""
  %o = mpc.reshare %y : !mpc.add<1x8, 16> -> !mpc.rss<1x8, 16>
  %d = mpc.read_bits %o {{digits = array<i64: 6, 5, 5>, reads = {numbers(d for d, _ in reads)},
      tables = {numbers(w for _, words in reads for w in words)}}}
      : !mpc.rss<1x8, 16> -> !mpc.add<{planes}x1x8, 1>
  %e = mpc.reshare %d : !mpc.add<{planes}x1x8, 1> -> !mpc.rss<{planes}x1x8, 1>
  %h = mpc.from_bits %e {{terms = {numbers(terms)}, coefficients = {numbers(terms.values())}}}
      : (!mpc.rss<{planes}x1x8, 1>) -> !mpc.add<1x8, 32>"""


@dataclasses.dataclass
class Model:
    """The model owner's numbers, of one seed."""

    seed: int

    def __post_init__(self):
        random = np.random.default_rng(self.seed)
        self.first = random.integers(-40, 41, (HIDDEN, HIDDEN))
        self.offsets = random.integers(-500, 500, HIDDEN)
        self.last = random.integers(-900, 900, (HIDDEN, RESULTS))
        self.ends = random.integers(-1000, 1000, RESULTS)
        self.question = random.integers(-30, 31, HIDDEN)

    def clear(self) -> np.ndarray:
        """The exact answer to the question."""
        sums = self.question @ self.first + self.offsets
        return (sums >> LOW) @ self.last + self.ends

    def program(self, exact: bool) -> str:
        text = _PROGRAM.replace("TOP_BITS", _exact() if exact else _ROUNDED)
        table = [[u - 64 * (u > 31) for u in range(64)]]
        for name, value in (("FIRST", self.first), ("OFFSETS", self.offsets), ("LAST", self.last),
                            ("ENDS", self.ends), ("TABLE", table)):
            text = text.replace(name, str(np.asarray(value).tolist()))
        return text


@dataclasses.dataclass
class Answers:
    """What P1 holds after it has asked one question again and again."""

    values: np.ndarray  # [questions, RESULTS]
    numbers: list[int]  # of inferences
    state: bytes  # its state file


def ask(model: Model, exact: bool, times: int, folder: pathlib.Path, *options: str) -> Answers:
    """Compiles the program and lets P1 ask the model's question `times`."""
    source, question = folder / "program.mlir", folder / "question.json"
    source.write_text(model.program(exact), encoding="utf-8")
    question.write_text(json.dumps({"x": [[float(v) for v in model.question]]}), encoding="utf-8")
    subprocess.run([private_run.BIN / "mpcc", "compile", "--from=mpc", *options, source, "-o",
                    folder / "plans"], check=True, capture_output=True)
    answers = private_run.run_parties(folder / "plans", [question], "--repeat", str(times),
                                      "--state", str(folder / "state"), "--insecure")
    [state] = folder.glob("state/**/party1.state")
    return Answers(np.array([np.ravel(a["outputs"]["y"]["values"]) for a in answers]),
                   [a["stats"]["inference"] for a in answers], state.read_bytes())
