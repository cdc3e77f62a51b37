# SPDX-License-Identifier: Apache-2.0
"""Integer activations with a learned step, and binary or few-bit weights with scales.

Activations: LSQ (Esser et al., "Learned Step Size Quantization", ICLR 2020, arXiv 1902.08153); the
step is kept as a logarithm (Jain et al., "Trained Quantization Thresholds", arXiv 1903.08066), so
it stays positive. Weights: the sign of the centred weight with the mean magnitude as scale, and
the straight-through gradient (BiT, Liu et al., arXiv 2205.13016).

All arithmetic here is float32 but the products. With bfloat16 their operands, which are integers,
are exact, and their results are rounded to 8 bits of mantissa; without, both are exact.
"""

import functools
import math
import statistics

import torch
from torch import nn


def bounds(bits, unsigned):
    """Lowest and highest integer."""
    return (0, 2**bits - 1) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


class _Integers(torch.autograd.Function):
    """x -> clip(round(x / step)). The gradient is that of x / step inside the range, else zero.

    The step's own gradient follows when the caller multiplies the product by the step again: the
    two parts together are LSQ's.
    """

    @staticmethod
    def forward(ctx, x, step, low, high, noise, dtype):
        v = x / step
        ctx.save_for_backward(v, step)
        ctx.range, ctx.noise = (low, high), noise
        q = noise.perturb(v) if noise else v
        return torch.round(q).clamp_(low, high).to(dtype)

    @staticmethod
    def backward(ctx, gradient):
        v, step = ctx.saved_tensors
        low, high = ctx.range
        inside = (v > low - 0.5) & (v < high + 0.5)
        g = gradient.float() * inside
        if ctx.noise:
            g = ctx.noise.add_penalty(g, v)
        d_step = -(g * v).sum() / step if ctx.needs_input_grad[1] else None
        return g / step, d_step, None, None, None, None


class Activation(nn.Module):
    """One quantizer: `bits` wide, zero point 0. `fixed` gives a step that is not learned."""

    def __init__(self, bits, unsigned=False, fixed=None):
        super().__init__()
        self.bits, self.unsigned, self.fixed = bits, unsigned, fixed
        self.low, self.high = bounds(bits, unsigned)
        start = math.log(fixed) if fixed else 0.0
        self.log_step = nn.Parameter(torch.tensor(start), requires_grad=fixed is None)
        self.noise = None  # a protocol_noise.Site while training
        self.measuring = False

    @property
    def step(self):
        if self.fixed:
            return torch.tensor(self.fixed, dtype=torch.float32, device=self.log_step.device)
        return self.log_step.exp()

    def forward(self, x, dtype=torch.float32):
        """(integers, step)."""
        if self.measuring:
            self.fit(x)
        step = self.step
        noise = self.noise if self.training else None
        return _Integers.apply(x, step, self.low, self.high, noise, dtype), step

    @torch.no_grad()
    def fit(self, x):
        """The step of least mean square error on `x`."""
        if self.fixed:
            return
        flat = x.detach().float().flatten()
        flat = flat[:: max(1, flat.numel() // 50_000)]
        peak = float(flat.abs().max()) or 1.0
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


def weight_integers(weight, bits, per_channel):
    """(integers, scale) of a weight [outputs, inputs]; scale is a vector [outputs], float32."""
    weight = weight.detach()
    axes = (1,) if per_channel else (0, 1)
    if bits == 1:
        centred = weight - weight.mean(axes, keepdim=True)
        integers = torch.where(centred >= 0, 1.0, -1.0)
        scale = centred.abs().mean(axes, keepdim=True)
    else:
        high = 2 ** (bits - 1) - 1
        mean, peak = weight.abs().mean(axes, keepdim=True), weight.abs().amax(axes, keepdim=True)
        scale = peak / high if bits > 5 else torch.minimum(mean * _gaussian_step(bits), peak / high)
        scale = scale.clamp_min(1e-8)
        integers = torch.round(weight / scale).clamp_(-high, high)
    return integers, scale.clamp_min(1e-8).expand(weight.shape[0], 1)[:, 0].contiguous()


class Linear(nn.Module):
    """A linear layer on integers: products of integers, then scale and bias in float32.

    `bits` of 32 leaves the weight real. Layers that write to the residual stream have one scale for
    the whole tensor: there the compiler's units are coarse, and only one scale stays exact
    (docs/numerics.md).
    """

    def __init__(self, inputs, outputs, bits=32, per_channel=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.bits, self.per_channel = bits, per_channel

    def quantized(self):
        """(integers as float32, scale [outputs])."""
        return weight_integers(self.weight, self.bits, self.per_channel)

    def forward(self, x, step, dtype=torch.float32):
        """x: integers, or reals with step 1."""
        if self.bits == 32:
            product = nn.functional.linear(x, self.weight.to(dtype))
            return torch.addcmul(self.bias, product.float(), step)
        integers, scale = self.quantized()
        weight = StraightThrough.apply(self.weight, integers.to(dtype), scale[:, None])
        product = nn.functional.linear(x, weight)
        return torch.addcmul(self.bias, product.float(), step * scale)
