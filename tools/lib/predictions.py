# SPDX-License-Identifier: Apache-2.0
"""How well `mpcc inspect` foretells what simulated networks take."""

import dataclasses
import pathlib
import statistics
import tempfile
from collections.abc import Iterator, Sequence

from tools.lib import bench_model, machine_limits, private_run

# network, the share by which a prediction may be off
NETWORKS = (("rtt=4ms,bw=400mbit", 0.10), ("rtt=40ms,bw=100mbit", 0.10),
            ("rtt=0.2ms,bw=10gbit", 0.20))


@dataclasses.dataclass(frozen=True)
class Prediction:
    """Seconds of one inference, online."""

    model: str
    tokens: int
    network: str
    allowed: float
    predicted: float
    measured: float  # the median

    @property
    def error(self) -> float:
        return self.predicted / self.measured - 1


def measure_machine(plans: pathlib.Path, tokens: int, repeat: int, file: pathlib.Path) -> None:
    """Writes the constants of this machine, of one model's plans."""
    bench_model.run(plans, tokens, repeat, "--measure-machine", str(file))


def predict(plans: pathlib.Path, machine: pathlib.Path, network: str) -> float:
    """Seconds online that `mpcc inspect` says."""
    found = machine_limits.inspect(plans, "--net", network, "--machine", str(machine))
    return found["predicted"]["online_seconds"]


def compare(constants: tuple[pathlib.Path, int], models: Sequence[tuple[pathlib.Path, int]],
            repeat: int) -> Iterator[Prediction]:
    """Of each model, a file and its tokens, on each network, by the constants of another one."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        machine = root / "machine.json"
        first = private_run.compile_model(constants[0], root / "first", constants[1])
        measure_machine(first.plans, constants[1], repeat, machine)
        for i, (model, tokens) in enumerate(models):
            plans = private_run.compile_model(model, root / str(i), tokens).plans
            for network, allowed in NETWORKS:
                answers = bench_model.run(plans, tokens, repeat, "--simulate", network)
                measured = statistics.median(a["stats"]["online_seconds"] for a in answers)
                yield Prediction(model.stem, tokens, network, allowed,
                                 predict(plans, machine, network), measured)


def table(predictions: Sequence[Prediction]) -> list[str]:
    """Markdown, with what is off by more than it may be in bold."""
    lines = ["| model | tokens | network | predicted s | measured s | off by |",
             "| --- | --- | --- | --- | --- | --- |"]
    for one in predictions:
        error = f"{100 * one.error:+.1f} %"
        error = error if abs(one.error) <= one.allowed else f"**{error}**"
        lines.append(f"| {one.model} | {one.tokens} | {one.network} | {one.predicted:.3f} | "
                     f"{one.measured:.3f} | {error} |")
    return lines
