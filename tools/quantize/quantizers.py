# SPDX-License-Identifier: Apache-2.0
"""Integer activations with a learned step, and binary or few-bit weights with scales.

Activations: LSQ (Esser et al., "Learned Step Size Quantization", ICLR 2020, arXiv 1902.08153); the
step is kept as a logarithm (Jain et al., "Trained Quantization Thresholds", arXiv 1903.08066), so
it stays positive. Binary weights: the sign of the centred weight and the straight-through gradient
(BiT, Liu et al., arXiv 2205.13016); the scale starts at the mean magnitude, as BiT's is, and is
learned from there, a logarithm like the step.

All arithmetic here is float32 but the products. With bfloat16 their operands, which are integers,
are exact, and their results are rounded to 8 bits of mantissa; without, both are exact.
"""

import functools
import math
import statistics

import torch
from torch import nn
from torch import Tensor


_FITTED = 49_999  # values that a step is fitted to; a prime


def bounds(bits: int, unsigned: bool) -> tuple[int, int]:
    """Lowest and highest integer."""
    return (0, 2**bits - 1) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _converted(x, dtype):
    """`x` in another type; itself where it has that type.

    What an autograd function returns must be new: where its forward ends in an operation that
    hands on its operand (a conversion that changes nothing, one in place), PyTorch 2.11 compiles
    it to gradients of zero, without a word.
    """
    return x if x.dtype == dtype else x.to(dtype)


class _Integers(torch.autograd.Function):
    """x -> clip(round(x / step)). The gradient is that of x / step inside the range, else zero.

    The step's own gradient follows when the caller multiplies the product by the step again: the
    two parts together are LSQ's.
    """

    @staticmethod
    def forward(ctx, x, step, low, high, dtype):
        v = x / step
        ctx.save_for_backward(v, step)
        ctx.range = (low, high)
        return _converted(torch.round(v).clamp(low, high), dtype)

    @staticmethod
    def backward(ctx, gradient):
        v, step = ctx.saved_tensors
        low, high = ctx.range
        inside = (v > low - 0.5) & (v < high + 0.5)
        g = gradient.float() * inside
        d_step = -(g * v).sum() / step if ctx.needs_input_grad[1] else None
        return g / step, d_step, None, None, None


class Activation(nn.Module):
    """One quantizer: `bits` wide, zero point 0. `fixed` gives a step that is not learned."""

    def __init__(self, bits: int, unsigned: bool = False, fixed: float | None = None):
        super().__init__()
        self.bits, self.unsigned, self.fixed = bits, unsigned, fixed
        self.low, self.high = bounds(bits, unsigned)
        start = math.log(fixed) if fixed else 0.0
        self.log_step = nn.Parameter(torch.tensor(start), requires_grad=fixed is None)
        self.measuring = False

    @property
    def step(self) -> Tensor:
        if self.fixed:
            return torch.tensor(self.fixed, dtype=torch.float32, device=self.log_step.device)
        return self.log_step.exp()

    def forward(self, x: Tensor, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
        """(integers, step)."""
        if self.measuring:
            self.fit(x)
        step = self.step
        return _Integers.apply(x, step, self.low, self.high, dtype), step

    @torch.no_grad()
    def fit(self, x: Tensor) -> None:
        """The step of least mean square error on `x`."""
        if self.fixed:
            return
        flat = x.detach().float().flatten()
        peak = float(flat.abs().max()) or 1.0
        if flat.numel() > _FITTED:  # evenly, but not with one stride, which would miss columns
            spread = torch.arange(_FITTED, device=flat.device)
            flat = flat[spread * flat.numel() // _FITTED]
        steps = [peak / self.high * f for f in torch.logspace(-1.7, 0, 40).tolist()]

        def loss(step):
            q = torch.round(flat / step).clamp(self.low, self.high)
            return float(((q * step - flat) ** 2).mean())

        self.log_step.fill_(math.log(min(steps, key=loss)))


@functools.cache
def _gaussian_step(bits):
    """Step, in mean magnitudes, that quantizes a normal weight with least square error."""
    high = 2 ** (bits - 1) - 1
    normal = statistics.NormalDist()
    sample = torch.tensor([normal.inv_cdf((i + 0.5) / 4001) for i in range(4001)])
    steps = torch.linspace(0.2, 5, 200) / high

    def loss(step):
        return float(((torch.round(sample / step).clamp(-high, high) * step - sample) ** 2).mean())

    return float(min(steps, key=loss)) / float(sample.abs().mean())


class StraightThrough(torch.autograd.Function):
    """Integers in place of a value; the gradient of integers * scale goes to the value.

    scale: broadcasts against the integers.
    """

    @staticmethod
    def forward(ctx, value, integers, scale):
        ctx.save_for_backward(scale)
        return integers

    @staticmethod
    def backward(ctx, gradient):
        (scale,) = ctx.saved_tensors
        return gradient.float() / scale, None, None


class _Signs(torch.autograd.Function):
    """Signs of weight - mean; the gradient of sign * scale goes to the weight.

    A weight far from zero gets no gradient outward, which would not change its sign. Without that
    bound the weights of a few outputs, which always want to be larger, grew to ten times the rest.
    """

    BOUND = 3.0  # scales

    @staticmethod
    def forward(ctx, weight, mean, scale, dtype):
        ctx.save_for_backward(weight, mean, scale)
        return _converted(torch.where(weight >= mean, 1.0, -1.0), dtype)

    @staticmethod
    def backward(ctx, gradient):
        weight, mean, scale = ctx.saved_tensors
        g, centred = gradient.float() / scale, weight - mean
        pushed_in = (centred.abs() < _Signs.BOUND * scale) | (g * centred > 0)
        return g * pushed_in, None, None, None


def _rounded_weight(weight, bits, axes):
    """(integers, scale) of a weight of 2 to 8 bits; scale keeps the reduced axes."""
    high = 2 ** (bits - 1) - 1
    mean, peak = weight.abs().mean(axes, keepdim=True), weight.abs().amax(axes, keepdim=True)
    scale = peak / high if bits > 5 else torch.minimum(mean * _gaussian_step(bits), peak / high)
    scale = scale.clamp_min(1e-8)
    return torch.round(weight / scale).clamp_(-high, high), scale


class Linear(nn.Module):
    """A linear layer on integers: products of integers, then scale and bias in float32.

    `bits` of 32 leaves the weight real. One scale for each output channel, or for the whole tensor.
    """

    def __init__(self, inputs: int, outputs: int, bits: int = 32, per_channel: bool = True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.bits, self.per_channel = bits, per_channel
        self.axes = (1,) if per_channel else (0, 1)
        if bits == 1:
            self.log_scale = nn.Parameter(torch.zeros(outputs if per_channel else 1, 1))

    @torch.no_grad()
    def fit_scale(self) -> None:
        """The scale of least square error for the centred weights as they are."""
        centred = self.weight - self.weight.mean(self.axes, keepdim=True)
        magnitude = centred.abs().mean(self.axes, keepdim=True)
        self.log_scale.copy_(magnitude.clamp_min(1e-8).log())

    def _integers(self, dtype):
        """(integers with the straight-through gradient, scale [outputs or 1, 1])."""
        if self.bits == 1:
            scale, mean = self.log_scale.exp(), self.weight.detach().mean(self.axes, keepdim=True)
            return _Signs.apply(self.weight, mean, scale.detach(), dtype), scale
        integers, scale = _rounded_weight(self.weight.detach(), self.bits, self.axes)
        return StraightThrough.apply(self.weight, integers.to(dtype), scale), scale

    @torch.no_grad()
    def quantized(self) -> tuple[Tensor, Tensor]:
        """(integers as float32, scale [outputs])."""
        integers, scale = self._integers(torch.float32)
        return integers, scale.expand(self.weight.shape[0], 1)[:, 0].contiguous()

    def forward(self, x: Tensor, step: Tensor | float,
                dtype: torch.dtype = torch.float32) -> Tensor:
        """x: integers, or reals with step 1."""
        if self.bits == 32:
            product = nn.functional.linear(x, self.weight.to(dtype))
            return torch.addcmul(self.bias, product.float(), step)
        integers, scale = self._integers(dtype)
        product = nn.functional.linear(x, integers)
        return torch.addcmul(self.bias, product.float(), step * scale[:, 0])
