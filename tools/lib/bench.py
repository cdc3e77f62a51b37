# SPDX-License-Identifier: Apache-2.0
"""Speed of the parts (Google Benchmark) and of whole private inferences, as tables and JSON."""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

from rich import box, console, table

from tools.lib import private_run

# model, tokens; the first group is what --quick measures
_QUICK = (("bert-test-w8a8", 16), ("bert-tiny-w1a4", 16))
_ALL = (*_QUICK, ("bert-tiny-w1a4", 128), ("minilm-layer-w8a8", 16), ("minilm-w8a8", 16),
        ("minilm-w8a8", 32), ("minilm-w1a4", 16), ("minilm-w1a4", 32), ("minilm-w1a4", 128),
        ("bert-base-w1a4", 16), ("bert-base-w1a4", 128))
_FOLDER = private_run.ROOT / ".cache/bench"
_WINDOW = 1 << 14  # MiB: all material is there before an inference, so that online is online alone
_SMALLEST_VOCABULARY = 97  # of the models above: any ids below it are good for timing

# column -> (title, format of the value)
_COLUMNS = {
    "compile_seconds": ("compile s", "{:.2f}"), "compile_peak_bytes": ("peak MB", "{:.0f}"),
    "setup_seconds": ("set-up s", "{:.2f}"), "deal_seconds": ("deal s", "{:.3f}"),
    "material_bytes": ("material MB", "{:.2f}"), "online_seconds": ("online ms", "{:.1f}"),
    "exchange_seconds": ("exchange ms", "{:.1f}"), "rounds": ("rounds", "{}"),
    "bytes_p1_to_p2": ("P1 to P2 MB", "{:.3f}"), "bytes_p2_to_p1": ("P2 to P1 MB", "{:.3f}"),
}
_SCALE = {"compile_peak_bytes": 1e-6, "material_bytes": 1e-6, "bytes_p1_to_p2": 1e-6,
          "bytes_p2_to_p1": 1e-6, "online_seconds": 1e3, "exchange_seconds": 1e3}
_MEDIANS = ("deal_seconds", "online_seconds", "exchange_seconds")
_COUNTS = ("material_bytes", "rounds", "bytes_p1_to_p2", "bytes_p2_to_p1")


def _parser():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small models, short runs")
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    parser.add_argument("--only", choices=("parts", "models"), help="leave out the other half")
    parser.add_argument("--repeat", type=int, default=5, help="inferences a model, default 5")
    return parser


def _machine():
    """What the figures depend on: processor, cores, memory, system."""
    info = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.split(":", 1)[1].strip() for line in info.splitlines()
             if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": names[0] if names else platform.machine(), "cores": os.cpu_count(),
            "memory_bytes": memory, "system": platform.platform(), "load": os.getloadavg()[0]}


def _run_part(program, quick):
    command = [program, "--benchmark_format=json",
               f"--benchmark_min_time={0.02 if quick else 0.2}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=True)
    return json.loads(done.stdout)["benchmarks"]


def _model(name):
    """A model of the repository, or one made for the purpose.

    Made by another process: the peak memory of a child starts from its parent's.
    """
    kept = private_run.ROOT / "models" / f"{name}.onnx"
    if kept.is_file():
        return kept
    folder = private_run.ROOT / ".cache/models"
    subprocess.run([private_run.ROOT / "tools/make-model", name, "--out", folder], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / f"{name}.onnx"


def _measure_model(name, tokens, repeat):
    """Compiles and runs one model; times are medians, counts are the same in every run."""
    model = _model(name)
    compiled = private_run.compile_model(model, _FOLDER / f"{name}-{tokens}", tokens)
    ids = _FOLDER / f"ids-{tokens}.json"
    ids.write_text(json.dumps({
        "input_ids": [1 + 7 * i % (_SMALLEST_VOCABULARY - 1) for i in range(tokens)],
        "attention_mask": [1] * tokens, "token_type_ids": [0] * tokens}), encoding="utf-8")
    answers = private_run.run_parties(compiled.plans, [ids], "--repeat", str(repeat),
                                      "--material-window", str(_WINDOW))
    stats = [answer["stats"] for answer in answers]
    row = {"model": name, "tokens": tokens, "compile_seconds": compiled.seconds,
           "compile_peak_bytes": compiled.peak_bytes,
           "setup_seconds": answers[0]["setup_seconds"]}
    row |= {key: statistics.median(s[key] for s in stats) for key in _MEDIANS}
    return row | {key: stats[0][key] for key in _COUNTS}


def _models_table(rows):
    result = table.Table(box=box.SIMPLE_HEAD, title="Whole inferences: three processes, mutual "
                         "TLS on the loopback; medians", title_justify="left")
    result.add_column("model")
    result.add_column("tokens", justify="right")
    for title, _ in _COLUMNS.values():
        result.add_column(title, justify="right")
    for row in rows:
        if "error" in row:
            result.add_row(row["model"], str(row["tokens"]), f"[red]{row['error'][:60]}[/]")
            continue
        cells = (form.format(row[key] * _SCALE.get(key, 1))
                 for key, (_, form) in _COLUMNS.items())
        result.add_row(row["model"], str(row["tokens"]), *cells)
    return result


def _parts_table(parts):
    result = table.Table(box=box.SIMPLE_HEAD, title="Parts", title_justify="left")
    result.add_column("benchmark")
    for title in ("time", "throughput"):
        result.add_column(title, justify="right")
    for part in parts:
        rate = next((f"{part[key] / 1e9:.2f} {unit}" for key, unit in
                     (("bytes_per_second", "GB/s"), ("items_per_second", "G/s")) if key in part),
                    "")
        result.add_row(part["name"], f"{part['real_time']:,.1f} {part['time_unit']}", rate)
    return result


def _all_parts(screen, quick):
    parts = []
    for program in sorted(private_run.BIN.glob("*_benchmark")):
        with screen.status(program.name):
            parts += _run_part(program, quick)
        screen.print(f"  {program.name}")
    return parts


def _all_models(screen, quick, repeat):
    rows = []
    for name, tokens in _QUICK if quick else _ALL:
        with screen.status(f"{name}, {tokens} tokens"):
            try:
                rows.append(_measure_model(name, tokens, repeat))
            except RuntimeError as error:
                rows.append({"model": name, "tokens": tokens, "error": str(error)})
        screen.print(f"  {name}, {tokens} tokens")
    return rows


def main() -> int:
    args = _parser().parse_args()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    screen = console.Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    result = {"machine": _machine()}
    if args.only != "models":
        result["parts"] = _all_parts(screen, args.quick)
    if args.only != "parts":
        result["models"] = _all_models(screen, args.quick, args.repeat)
    screen.print(f"\n{result['machine']['processor']}, {result['machine']['cores']} cores, "
                 f"{result['machine']['memory_bytes'] / 2**30:.0f} GiB, "
                 f"{result['machine']['system']}\n")
    if "parts" in result:
        screen.print(_parts_table(result["parts"]))
    if "models" in result:
        screen.print(_models_table(result["models"]))
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 1 if any("error" in row for row in result.get("models", [])) else 0


if __name__ == "__main__":
    sys.exit(main())
