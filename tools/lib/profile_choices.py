# SPDX-License-Identifier: Apache-2.0
"""Whether the plan that is chosen for a network is the fastest one there."""

import dataclasses
import pathlib
import statistics
import tempfile
from collections.abc import Iterator, Sequence

from tools.lib import bench_model, machine_limits, private_run

# Networks by their names, and policy keys that lead to other plans.
PROFILES = ("local", "lan", "wan")
_OTHERS = ("read-by-bits=0", "read-by-digits=0", "leading-joined=1", "function-lines=0",
           "net-dealt-bw=2e10", "net-dealt-bw=1.6e11")
_UPLINK = 40e9  # bits a second that compile counts with if --uplink says nothing


@dataclasses.dataclass(frozen=True)
class Choice:
    """One plan on one network."""

    model: str
    tokens: int
    network: str
    options: str  # of compile
    rounds: int
    material_bytes: int
    online: float  # the median

    @property
    def seconds(self) -> float:
        """Of an inference with its material."""
        return self.online + 8 * self.material_bytes / _UPLINK


def _plans(model: pathlib.Path, tokens: int, root: pathlib.Path) -> dict[str, pathlib.Path]:
    """Plans that differ, by the options of the first that led to them; profiles come first."""
    options = [("--net", profile) for profile in PROFILES]
    options += [("--policy", key) for key in _OTHERS]
    found: dict[tuple, str] = {}
    folders: dict[str, pathlib.Path] = {}
    for i, chosen in enumerate(options):
        plans = private_run.compile_model(model, root / str(i), tokens, *chosen).plans
        cost = machine_limits.inspect(plans)["cost"]
        counts = tuple(cost[key] for key in ("rounds", "bytes_p1_to_p2", "material_bytes"))
        name = found.setdefault(counts, " ".join(chosen))
        folders.setdefault(name, plans)
        if chosen[0] == "--net":  # which plan a profile has
            folders[" ".join(chosen)] = folders[name]
    return folders


def measure(model: pathlib.Path, tokens: int, repeat: int) -> Iterator[Choice]:
    """Every plan on every profile."""
    with tempfile.TemporaryDirectory() as folder:
        plans = _plans(model, tokens, pathlib.Path(folder))
        for network in PROFILES:
            seconds: dict[pathlib.Path, float] = {}
            for options, path in plans.items():
                if path not in seconds:
                    answers = bench_model.run(path, tokens, repeat, "--simulate", network)
                    seconds[path] = statistics.median(a["stats"]["online_seconds"]
                                                      for a in answers)
                cost = machine_limits.inspect(path)["cost"]
                yield Choice(model.stem, tokens, network, options, cost["rounds"],
                             cost["material_bytes"], seconds[path])


def table(choices: Sequence[Choice]) -> list[str]:
    """Markdown: for each network what was chosen, and what was fastest."""
    lines = ["| model | tokens | network | rounds | material MB | s | fastest of | s | options | "
             "chosen takes |", "| --- " * 10 + "|"]
    for network in dict.fromkeys((c.model, c.tokens, c.network) for c in choices):
        these = [c for c in choices if (c.model, c.tokens, c.network) == network]
        chosen = next(c for c in these if c.options == f"--net {c.network}")
        best = min(these, key=lambda c: c.seconds)
        plans = len({(c.rounds, c.material_bytes) for c in these})
        lines.append(f"| {chosen.model} | {chosen.tokens} | {chosen.network} | {chosen.rounds} | "
                     f"{chosen.material_bytes / 1e6:.1f} | {chosen.seconds:.3f} | {plans} | "
                     f"{best.seconds:.3f} | `{best.options}` | "
                     f"{100 * (chosen.seconds / best.seconds - 1):+.1f} % |")
    return lines
