# SPDX-License-Identifier: Apache-2.0
"""Plots of a few lines on logarithmic axes, as SVG."""

import dataclasses
import html
import math
from collections.abc import Sequence

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 420, 300, 64, 34, 44
_COLORS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad")


@dataclasses.dataclass(frozen=True)
class Line:
    """Points (x, y), all positive."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclasses.dataclass(frozen=True)
class Panel:
    """Lines over the same x."""

    title: str
    unit: str
    lines: Sequence[Line]


class _Axes:
    def __init__(self, panel: Panel, left: float):
        points = [point for line in panel.lines for point in line.points]
        self.xs = sorted({x for x, _ in points})
        ys = [y for _, y in points]
        self._low = math.floor(math.log10(min(ys)))
        self._high = max(self._low + 1, math.ceil(math.log10(max(ys))))
        self._left = left

    def x(self, value: float) -> float:
        span = math.log(self.xs[-1] / self.xs[0]) or 1
        inner = _WIDTH - _LEFT - 16
        return self._left + _LEFT + inner * math.log(value / self.xs[0]) / span

    def y(self, value: float) -> float:
        inner = _HEIGHT - _TOP - _BOTTOM
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return _TOP + inner * (1 - share)

    def decades(self) -> list[float]:
        return [10.0 ** e for e in range(self._low, self._high + 1)]


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{html.escape(text)}</text>'


def _grid(axes: _Axes, left: float) -> list[str]:
    parts = []
    for value in axes.decades():
        y, right = axes.y(value), left + _WIDTH - 16
        parts.append(f'<path class="grid" d="M{left + _LEFT:.0f} {y:.1f}H{right:.0f}"/>')
        parts.append(_text(left + _LEFT - 6, y + 4, f"{value:g}", "end"))
    for value in axes.xs:
        parts.append(_text(axes.x(value), _HEIGHT - _BOTTOM + 16, f"{value:g}"))
    return parts


def _panel(panel: Panel, left: float) -> list[str]:
    axes = _Axes(panel, left)
    parts = [_text(left + _WIDTH / 2, 18, f"{panel.title} ({panel.unit})"), *_grid(axes, left)]
    for i, line in enumerate(panel.lines):
        color = _COLORS[i % len(_COLORS)]
        path = "L".join(f"{axes.x(x):.1f} {axes.y(y):.1f}" for x, y in line.points)
        dash = ' stroke-dasharray="5 4"' if line.dashed else ""
        parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>')
        parts.append(f'<g fill="{color}">' + _text(
            left + _LEFT + 8, _TOP + 14 + 15 * i, line.name, "start") + "</g>")
    return [*parts, _text(left + _WIDTH / 2, _HEIGHT - 8, "tokens")]


def svg(panels: Sequence[Panel]) -> str:
    """The panels side by side. Each needs a line with a point."""
    parts = [part for i, panel in enumerate(panels) for part in _panel(panel, i * _WIDTH)]
    width = _WIDTH * len(panels)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{_HEIGHT}" fill="white"/>',
        "<style>.grid{stroke:#ddd;stroke-width:1}</style>", *parts, "</svg>", ""])
