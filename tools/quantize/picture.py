# SPDX-License-Identifier: Apache-2.0
"""Loss curves as a picture."""

import numpy as np

from tools.quantize import losses


def _smooth(values, width):
    kernel = np.ones(width) / width
    return np.convolve(values, kernel, mode="valid")


def losses_of(history):
    """Curves by name; `history` holds rows [total, parts...]."""
    return dict(zip(("loss", *losses.PARTS), np.array(history, float).T))


def losses_picture(history, ends, path):
    """Draws every part over the steps, with a line where a stage ends."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    width = max(1, len(history) // 200)
    figure, axes = pyplot.subplots(figsize=(9, 5))
    for name, values in losses_of(history).items():
        if values.any():
            smooth = _smooth(values, width)
            axes.plot(np.arange(len(smooth)) + width, smooth, label=name)
    for end in ends[:-1]:
        axes.axvline(end, color="grey", linewidth=0.7)
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.legend()
    figure.savefig(path, dpi=110, bbox_inches="tight")
    pyplot.close(figure)
