# SPDX-License-Identifier: Apache-2.0
"""What a private run does to a value that is quantized, simulated while training.

The widths are those that `mpcc policy` tells and the reasons those of docs/numerics.md: an index is
rounded at random to its own, finer step, without bias, and a value beyond the index wraps around.
Wrapping has no useful gradient, so values that come near it are pushed back by a penalty, and the
quantizer's step grows by the same.
"""

import functools
import json
import subprocess

import torch
from torch import Tensor

from tools.lib import private_run

_BITS, _ROW = range(2, 9), 128


@functools.cache
def _policy() -> dict:
    """What the compiler decides by, and what follows for each width, as `mpcc policy` tells."""
    command = [str(private_run.BIN / "mpcc"), "policy", "--json", "--bits",
               ",".join(map(str, _BITS)), "--rows", str(_ROW)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"cannot ask {command[0]} for its policy: {error}; build it first, or "
                           "name its folder in MPCC_BIN") from error
    return json.loads(done.stdout)


def key(name: str) -> float:
    """One of the policy's numbers."""
    return _policy()["policy"][name]


@functools.cache
def _operand(bits: int, signed: bool = True) -> dict:
    return next(o for o in _policy()["operands"] if (o["bits"], o["signed"]) == (bits, signed))


@functools.cache
def _softmax(bits: int) -> dict:
    return next(s for s in _policy()["softmax"] if (s["bits"], s["row"]) == (bits, _ROW))


def has_table(bits: int) -> bool:
    """Whether values of so many bits are requantized by a table, which saturates."""
    return _operand(bits)["table"]


def random_round(x: Tensor, step: float | Tensor) -> Tensor:
    """x rounded to a multiple of `step`, up or down at random, with the right mean.

    One random number a row and one a column: their sums modulo 1 are uniform and pairwise
    independent, and a number for each element would take longer to draw than the products take.
    """
    u = torch.rand(*x.shape[:-1], 1, device=x.device) + torch.rand(x.shape[-1], device=x.device)
    return torch.floor(x / step + u.frac()) * step


def function_index_bits(bits):
    """The index of a table that applies a function and requantizes."""
    return _operand(bits)["function_index_bits"]


class Site:
    """Index noise and range penalty of one quantizer, in units of its step.

    Probabilities have no table at any width, and what a function's table yields has no index of its
    own: there FunctionIndex is all the noise.
    """

    penalty = 2e-5  # gradient for each step beyond the limit

    def __init__(self, bits: int, low: int, high: int, probabilities: bool = False):
        operand = _operand(bits, low < 0)
        self.wrap: int | None = None
        if operand["table"] and not probabilities:  # it saturates as far as its index reaches
            self.resolution, self.wrap = operand["index_step"], int(operand["index_reach"])
            self.limit = self.wrap / key("range-margin")
        else:  # rounded and lifted: nothing saturates
            self.resolution = _softmax(bits)["index_step"]
            self.limit = max(-low, high)

    def perturb(self, v: Tensor) -> Tensor:
        rounded = random_round(v, self.resolution)
        if self.wrap is None:
            return rounded
        return torch.remainder(rounded + self.wrap, 2 * self.wrap) - self.wrap

    def add_penalty(self, gradient: Tensor, v: Tensor) -> Tensor:
        """`gradient` by v with that of the range penalty."""
        return gradient + self.penalty * (v - v.clamp(-self.limit, self.limit))


class _Index(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, step):
        return random_round(x, step)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


class FunctionIndex(torch.nn.Module):
    """The index of a function's table: its step follows from the largest input ever seen."""

    def __init__(self, bits: int):
        super().__init__()
        self.bits = function_index_bits(bits)
        self.headroom = key("range-margin") * key("function-headroom")
        self.simulated = False
        self.register_buffer("range", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        if not (self.training and self.simulated):
            return x
        with torch.no_grad():
            self.range.copy_(torch.maximum(self.range * 0.999, x.abs().amax()))
        reach = self.range * self.headroom
        return _Index.apply(x, reach * 2.0 ** (1 - self.bits))


@functools.cache
def shared_site(bits: int, low: int, high: int, probabilities: bool = False) -> Site:
    """One Site of a kind: torch.compile's guards hold when the noise is turned off and on."""
    return Site(bits, low, high, probabilities)


def score_limit(bits: int) -> float:
    """Largest score that the softmax takes with the compiler's margin, in nats, to 128 tokens."""
    return _softmax(bits)["largest_score"] / key("range-margin")


def excess_penalty(x: Tensor, limit: float) -> Tensor:
    """Square of what exceeds `limit`, summed and per batch element."""
    return ((x.abs() - limit).clamp_min(0) ** 2).sum() / x.shape[0]
