# SPDX-License-Identifier: Apache-2.0
"""What a private run does to a value that is quantized, simulated while training.

The widths are those of passes/lower/policy.h and the reasons those of docs/numerics.md: an index is
rounded at random to its own, finer step, without bias, and a value beyond the index wraps around.
Wrapping has no useful gradient, so values that come near it are pushed back by a penalty, and the
quantizer's step grows by the same.
"""

import functools

import torch
from torch import Tensor

TABLE_BITS = 4  # LoweringPolicy::table_bits
EXTRA_INDEX_BITS = 2  # one of headroom, the rest resolution
FRACTION_BITS = 4
RANGE_MARGIN = 1.25  # kRangeMargin
FUNCTION_HEADROOM = 1.6  # kFunctionHeadroom
_SOFTMAX_STEPS_PER_OCTAVE = 256
_COARSE_TEMPERATURE = 4
LOWEST_MAXIMUM = 8  # kLowestMaximum


def random_round(x: Tensor, step: float | Tensor) -> Tensor:
    """x rounded to a multiple of `step`, up or down at random, with the right mean.

    One random number a row and one a column: their sums modulo 1 are uniform and pairwise
    independent, and a number for each element would take longer to draw than the products take.
    """
    u = torch.rand(*x.shape[:-1], 1, device=x.device) + torch.rand(x.shape[-1], device=x.device)
    return torch.floor(x / step + u.frac()) * step


def function_index_bits(bits):
    """FunctionIndexBits: the index of a table that applies a function and requantizes."""
    return bits + EXTRA_INDEX_BITS + 1 if bits <= TABLE_BITS else bits + 2


class Site:
    """Index noise and range penalty of one quantizer, in units of its step.

    Probabilities have no table at any width, and what a function's table yields has no index of its
    own: there FunctionIndex is all the noise.
    """

    penalty = 2e-5  # gradient for each step beyond the limit

    def __init__(self, bits: int, low: int, high: int, probabilities: bool = False):
        if bits <= TABLE_BITS and not probabilities:
            # `bits + EXTRA_INDEX_BITS` bits cover twice the range: up to there the table saturates
            self.resolution = 2.0 ** (1 - EXTRA_INDEX_BITS)
            self.wrap: int | None = max(-low, high + 1) * 2
            self.limit = self.wrap / RANGE_MARGIN
        else:  # rounded and lifted: nothing saturates
            self.resolution = 2.0**-FRACTION_BITS
            self.wrap = None
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
        self.simulated = False
        self.register_buffer("range", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        if not (self.training and self.simulated):
            return x
        with torch.no_grad():
            self.range.copy_(torch.maximum(self.range * 0.999, x.abs().amax()))
        reach = self.range * RANGE_MARGIN * FUNCTION_HEADROOM
        return _Index.apply(x, reach * 2.0 ** (1 - self.bits))


@functools.cache
def shared_site(bits: int, low: int, high: int, probabilities: bool = False) -> Site:
    """One Site of a kind: torch.compile's guards hold when the noise is turned off and on."""
    return Site(bits, low, high, probabilities)


def score_limit(bits: int) -> float:
    """Largest score that the softmax takes with the compiler's margin, in nats, to 128 tokens."""
    narrow = bits <= TABLE_BITS
    index = 12 + (4 if narrow else 6)
    steps = (1 << (index - 1)) / 2 - 1.25 * (1 << 12)
    octaves = min(steps / _SOFTMAX_STEPS_PER_OCTAVE,
                  (32 if narrow else 40) * _COARSE_TEMPERATURE - LOWEST_MAXIMUM)
    return octaves * 0.6931471805599453 / RANGE_MARGIN


def excess_penalty(x: Tensor, limit: float) -> Tensor:
    """Square of what exceeds `limit`, summed and per batch element."""
    return ((x.abs() - limit).clamp_min(0) ** 2).sum() / x.shape[0]
