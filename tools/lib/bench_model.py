# SPDX-License-Identifier: Apache-2.0
"""One model at several lengths: what takes the time, beside the limits of the machine."""

import json
import pathlib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from tools.lib import line_plot, machine_limits, private_run

_WINDOW = 1 << 14  # MiB: all material is there before an inference, so that online is online alone
_SMALLEST_VOCABULARY = 97  # of the models of this repository
_PAPER = ("--lowering=paper", "--allow-leak=rounding-coins")


def encoded(tokens: int) -> dict[str, list[int]]:
    """Ids that every test model has."""
    return {"input_ids": [1 + 7 * i % (_SMALLEST_VOCABULARY - 1) for i in range(tokens)],
            "attention_mask": [1] * tokens, "token_type_ids": [0] * tokens}


def run(plans: pathlib.Path, tokens: int, repeat: int, *options: str) -> list[dict]:
    """Answers of `mpcc-local`, all to the same ids."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(encoded(tokens), file)
        file.flush()
        return private_run.run_parties(plans, [file.name], "--repeat", str(repeat),
                                       "--material-window", str(_WINDOW), *options)


def _medians(lists: Sequence[Sequence[float]]) -> list[float]:
    return [statistics.median(values) for values in zip(*lists, strict=True)]


def _layers(costs: list[dict], stats: list[dict]) -> list[dict]:
    """By layer: what it costs, and the seconds that it computed and exchanged."""
    seconds = _medians([s["seconds_by_layer"] for s in stats])
    exchanged = _medians([s["exchange_seconds_by_layer"] for s in stats])
    return [{"name": layer["name"], **layer["cost"], "compute_seconds": all_of_it - exchange,
             "exchange_seconds": exchange}
            for layer, all_of_it, exchange in zip(costs, seconds, exchanged, strict=True)]


def _operations(stats: list[dict]) -> dict[str, float]:
    found = {name: statistics.median(s["seconds_by_opcode"][name] for s in stats)
             for name in stats[0]["seconds_by_opcode"]}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def onnx_runtime_seconds(model: pathlib.Path, tokens: int, repeat: int) -> float:
    """Of the same file in the clear, with as many threads as ONNX Runtime takes; the median."""
    from tools.models import oracle

    session, seconds = oracle.Oracle(model), []
    for _ in range(repeat + 1):  # the first one warms up
        start = time.perf_counter()
        session.run(encoded(tokens))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def _totals(stats: list[dict]) -> dict[str, float]:
    first = stats[0]
    row = {key: first[key] for key in ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1",
                                       "material_bytes")}
    row |= {key: statistics.median(s[key] for s in stats)
            for key in ("online_seconds", "exchange_seconds", "deal_seconds")}
    row["total_bytes"] = row["bytes_p1_to_p2"] + row["bytes_p2_to_p1"] + row["material_bytes"]
    row["total_seconds"] = row["online_seconds"] + row["deal_seconds"]
    return row


def measure(model: pathlib.Path, tokens: int, repeat: int, limits: dict[str, float],
            *options: str) -> dict:
    """A row of the table, with its layers, operations and least possible seconds."""
    with tempfile.TemporaryDirectory() as folder:
        plans = private_run.compile_model(model, folder, tokens, *options).plans
        answers = run(plans, tokens, repeat)
        costs = machine_limits.inspect(plans)
        products = machine_limits.multiplications(plans)
    stats = [answer["stats"] for answer in answers]
    row: dict[str, Any] = {"tokens": tokens, **_totals(stats)}
    row["peak_memory_bytes"] = _medians([answer["peak_memory_bytes"] for answer in answers])
    row["setup_seconds"] = answers[0]["setup_seconds"]
    row["layers"] = _layers(costs["layers"], stats)
    row["seconds_by_operation"] = _operations(stats)
    row["least_seconds"] = machine_limits.least_seconds(limits, products, row)
    row["onnx_runtime_seconds"] = onnx_runtime_seconds(model, tokens, repeat)
    return row


def paper(model: pathlib.Path, tokens: int, repeat: int) -> dict[str, float]:
    """The totals of the published design."""
    with tempfile.TemporaryDirectory() as folder:
        plans = private_run.compile_model(model, folder, tokens, *_PAPER).plans
        return _totals([answer["stats"] for answer in run(plans, tokens, repeat)])


_COLUMNS = (  # title, of a row
    ("tokens", lambda r: f"{r['tokens']}"),
    ("rounds", lambda r: f"{r['rounds']}"),
    ("online ms", lambda r: f"{1e3 * r['online_seconds']:.1f}"),
    ("of it exchanges", lambda r: f"{1e3 * r['exchange_seconds']:.1f}"),
    ("online / linear", lambda r: f"{r['online_seconds'] / _linear(r):.1f}"),
    ("limit ms", lambda r: f"{1e3 * r['least_seconds']['online']:.1f}"),
    ("total ms", lambda r: f"{1e3 * r['total_seconds']:.1f}"),
    ("online MB", lambda r: f"{(r['total_bytes'] - r['material_bytes']) / 1e6:.2f}"),
    ("total MB", lambda r: f"{r['total_bytes'] / 1e6:.1f}"),
    ("peak MB", lambda r: f"{max(r['peak_memory_bytes']) / 1e6:.0f}"),
    ("paper online ms", lambda r: _of_paper(r, "online_seconds", 1e3, ".1f")),
    ("paper total ms", lambda r: _of_paper(r, "total_seconds", 1e3, ".1f")),
    ("paper total MB", lambda r: _of_paper(r, "total_bytes", 1e-6, ".1f")),
    ("ONNX Runtime ms", lambda r: f"{1e3 * r['onnx_runtime_seconds']:.1f}"),
)


def _linear(row: dict) -> float:
    return row["seconds_by_operation"]["linear"]


def _of_paper(row: dict, key: str, scale: float, form: str) -> str:
    return f"{row['paper'][key] * scale:{form}}" if "paper" in row else "-"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def table(rows: Sequence[dict]) -> list[str]:
    """Markdown, a row for each length."""
    return _markdown([title for title, _ in _COLUMNS],
                     [[cell(row) for _, cell in _COLUMNS] for row in rows])


def layer_table(row: dict) -> list[str]:
    """Markdown: where one inference's time and bytes go, by layer."""
    cells = [[layer["name"], f"{layer['rounds']}",
              f"{1e3 * layer['compute_seconds']:.2f}", f"{1e3 * layer['exchange_seconds']:.2f}",
              f"{(layer['bytes_p1_to_p2'] + layer['bytes_p2_to_p1']) / 1e6:.3f}",
              f"{layer['material_bytes'] / 1e6:.2f}"] for layer in row["layers"]]
    return _markdown(["layer", "rounds", "computing ms", "exchanges ms", "online MB",
                      "material MB"], cells)


def operation_table(row: dict) -> list[str]:
    """Markdown: the kinds of step that take a hundredth of the time or more."""
    least = row["online_seconds"] / 100
    return _markdown(["step", "ms"], [[name, f"{1e3 * seconds:.2f}"] for name, seconds in
                                      row["seconds_by_operation"].items() if seconds >= least])


def plot(rows: Sequence[dict]) -> str:
    """SVG: time and bytes against the length, with the limit of the machine."""
    def line(name: str, of: Callable[[dict], float], dashed: bool = False) -> line_plot.Line:
        return line_plot.Line(name, [(row["tokens"], of(row)) for row in rows], dashed)

    return line_plot.svg([
        line_plot.Panel("time", "ms", [
            line("online", lambda r: 1e3 * r["online_seconds"]),
            line("dealing", lambda r: 1e3 * r["deal_seconds"]),
            line("limit, online", lambda r: 1e3 * r["least_seconds"]["online"], True),
            line("limit, dealing", lambda r: 1e3 * r["least_seconds"]["dealing"], True)]),
        line_plot.Panel("traffic", "MB", [
            line("online", lambda r: (r["total_bytes"] - r["material_bytes"]) / 1e6),
            line("material", lambda r: r["material_bytes"] / 1e6)])])
