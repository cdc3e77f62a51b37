# SPDX-License-Identifier: Apache-2.0
"""Scales of activations of any width: the clipping that loses least in mean square.

For the random networks, which are quantized while they are made; `mpcc quantize` does the same at 8
bits for the files that it is given.
"""

import numpy as np

_SAMPLES = 60_000
_TAIL = 200


def _subsample(values):
    """A weighted sample of `values` that always holds the extremes, which decide the clipping."""
    flat = np.sort(values, axis=None).astype(np.float64)
    if flat.size <= _SAMPLES:
        return flat, np.ones(flat.size)
    body = flat[np.linspace(0, flat.size - 1, _SAMPLES).astype(int)]
    sample = np.concatenate([flat[:_TAIL], body, flat[-_TAIL:]])
    weight = np.ones(sample.size)
    weight[_TAIL:-_TAIL] = flat.size / _SAMPLES
    return sample, weight


def _loss(sample, weight, scale, low, high):
    q = np.clip(np.rint(sample / scale), low, high)
    return float((weight * (q * scale - sample) ** 2).sum())


def round_scale(scale, digits=4):
    """Rounds to a few decimal digits, so that the last bits of a sum do not show in a file."""
    return float(np.float32(f"{scale:.{digits - 1}e}"))


def symmetric_scale(values: np.ndarray, high: int) -> float:
    """The scale for integers in [-high - 1, high] around 0 (or [0, high] if all values >= 0)."""
    sample, weight = _subsample(values)
    peak = float(np.abs(sample).max())
    if peak == 0:
        return 1.0
    low = 0 if sample[0] >= 0 else -high - 1
    candidates = peak / high * np.geomspace(0.1 if high > 7 else 0.02, 1, 80)
    return round_scale(min(candidates, key=lambda s: _loss(sample, weight, s, low, high)))
