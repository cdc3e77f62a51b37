# SPDX-License-Identifier: Apache-2.0
"""What inferences cost, as numbers and tables."""

import dataclasses
import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ._runtime import Plan

if TYPE_CHECKING:
    import pandas

PROFILES = ("local", "lan", "wan")


@dataclasses.dataclass(frozen=True)
class Cost:
    """Of one inference of a program. Bytes are payload; seconds are what the links alone take."""

    sequence_length: int
    rounds: int
    bytes_p1_to_p2: int
    bytes_p2_to_p1: int
    material_bytes: int  # from P0 to P2, for each inference
    setup_bytes: int  # from P0 to P2, once
    online_seconds: dict[str, float]  # predicted, by profile of the network
    offline_seconds: dict[str, float]  # until P2 has the material, by profile

    def row(self) -> dict[str, float]:
        """Flat, a column each."""
        fixed = {name: getattr(self, name) for name in _COLUMNS}
        return (fixed | {f"online_seconds_{p}": s for p, s in self.online_seconds.items()}
                | {f"offline_seconds_{p}": s for p, s in self.offline_seconds.items()})


_COLUMNS = ("sequence_length", "rounds", "bytes_p1_to_p2", "bytes_p2_to_p1", "material_bytes",
            "setup_bytes")


class Costs:
    """The costs of all programs of a plan, by ascending sequence length.

    A sequence of Cost that prints as a table, in notebooks too.
    """

    def __init__(self, costs: list[Cost]):
        self._costs = costs

    def __len__(self) -> int:
        return len(self._costs)

    def __getitem__(self, index: int) -> Cost:
        return self._costs[index]

    def __iter__(self) -> Iterator[Cost]:
        return iter(self._costs)

    def to_pandas(self) -> "pandas.DataFrame":
        """A pandas.DataFrame, a row for each program."""
        import pandas

        return pandas.DataFrame([cost.row() for cost in self])

    def _table(self) -> list[list[str]]:
        profiles = list(self[0].online_seconds) if len(self) else []
        head = ["tokens", "rounds", "P1 to P2", "P2 to P1", "material", "set-up, once",
                *(f"online, {name}" for name in profiles)]
        return [head] + [
            [str(c.sequence_length), str(c.rounds), *map(_megabytes, (
                c.bytes_p1_to_p2, c.bytes_p2_to_p1, c.material_bytes, c.setup_bytes)),
             *(f"{c.online_seconds[name]:.3g} s" for name in profiles)] for c in self]

    def __repr__(self) -> str:
        table = self._table()
        widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
        return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths))
                         for row in table)

    def _repr_html_(self) -> str:
        head, *rows = self._table()

        def line(cells: list[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

        return ("<table>" + line(head, "th") + "".join(line(row, "td") for row in rows) +
                "</table><p>Seconds are what the links alone take.</p>")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.2f} MB"


def costs_of(plan: Plan, networks: dict[str, str], uplink: str) -> Costs:
    """`networks` has by name what `--net` takes; `uplink` is as `--uplink`, or empty."""
    times = {name: plan.predict(net, uplink) for name, net in networks.items()}
    return Costs([
        Cost(program.sequence_length, program.cost.rounds, program.cost.bytes_p1_to_p2,
             program.cost.bytes_p2_to_p1, program.cost.material_bytes, program.cost.setup_bytes,
             {name: seconds[i][0] for name, seconds in times.items()},
             {name: seconds[i][1] for name, seconds in times.items()})
        for i, program in enumerate(plan.programs)])
