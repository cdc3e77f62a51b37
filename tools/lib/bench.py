# SPDX-License-Identifier: Apache-2.0
"""Speed of the parts (Google Benchmark) and of whole private inferences, as tables and JSON.

--model looks into one model, --predict at how well its times are foretold, --choices at whether
what compile chooses for a network is the fastest there.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

from rich import box, console, table

from tools.lib import bench_model, machine_limits, predictions, private_run, profile_choices

# model, tokens; the first group is what --quick measures
_QUICK = (("bert-test-w8a8", 16), ("bert-tiny-w1a4", 16))
_ALL = (*_QUICK, ("bert-tiny-w1a4", 128), ("minilm-layer-w8a8", 16), ("minilm-w8a8", 16),
        ("minilm-w8a8", 32), ("minilm-w1a4", 16), ("minilm-w1a4", 32), ("minilm-w1a4", 128),
        ("bert-base-w1a4", 16), ("bert-base-w1a4", 128))
_FOLDER = private_run.ROOT / ".cache/bench"

# column -> (title, format of the value)
_COLUMNS = {
    "compile_seconds": ("compile s", "{:.2f}"), "compile_peak_bytes": ("peak MB", "{:.0f}"),
    "setup_seconds": ("set-up s", "{:.2f}"), "deal_seconds": ("deal s", "{:.3f}"),
    "material_bytes": ("material MB", "{:.2f}"), "online_seconds": ("online ms", "{:.1f}"),
    "exchange_seconds": ("exchange ms", "{:.1f}"), "total_seconds": ("total ms", "{:.1f}"),
    "total_bytes": ("total MB", "{:.1f}"), "rounds": ("rounds", "{}"),
    "bytes_p1_to_p2": ("P1 to P2 MB", "{:.3f}"), "bytes_p2_to_p1": ("P2 to P1 MB", "{:.3f}"),
}
_SCALE = {"compile_peak_bytes": 1e-6, "material_bytes": 1e-6, "bytes_p1_to_p2": 1e-6,
          "bytes_p2_to_p1": 1e-6, "total_bytes": 1e-6, "total_seconds": 1e3,
          "online_seconds": 1e3, "exchange_seconds": 1e3}
_MEDIANS = ("deal_seconds", "online_seconds", "exchange_seconds")
_COUNTS = ("material_bytes", "rounds", "bytes_p1_to_p2", "bytes_p2_to_p1")


def _parser():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small models, short runs")
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    parser.add_argument("--model", metavar="NAME|FILE",
                        help="only this model: time by layer and step, traffic, the machine's "
                        "limits, ONNX Runtime and --lowering=paper beside it")
    parser.add_argument("--tokens", default="16", metavar="N,N,...",
                        help="lengths for --model, default %(default)s")
    parser.add_argument("--plot", metavar="FILE.svg",
                        help="for --model: time and traffic by length")
    parser.add_argument("--no-paper", action="store_true",
                        help="for --model: leave --lowering=paper out")
    parser.add_argument("--predict", action="store_true",
                        help="only what mpcc inspect predicts for three models on three simulated "
                        "networks, by the machine's constants of a fourth")
    parser.add_argument("--choices", action="store_true",
                        help="only whether the plans that are chosen for networks are the fastest "
                        "there: of --model, or of two models")
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


def _file(model):
    """A file that is named, or the model of that name."""
    named = pathlib.Path(model)
    return named if named.is_file() else _model(model)


def _measure_model(name, tokens, repeat):
    """Compiles and runs one model; times are medians, counts are the same in every run."""
    model = _model(name)
    compiled = private_run.compile_model(model, _FOLDER / f"{name}-{tokens}", tokens)
    answers = bench_model.run(compiled.plans, tokens, repeat)
    stats = [answer["stats"] for answer in answers]
    row = {"model": name, "tokens": tokens, "compile_seconds": compiled.seconds,
           "compile_peak_bytes": compiled.peak_bytes,
           "setup_seconds": answers[0]["setup_seconds"]}
    row |= {key: statistics.median(s[key] for s in stats) for key in _MEDIANS}
    row |= {key: stats[0][key] for key in _COUNTS}
    row["total_seconds"] = row["online_seconds"] + row["deal_seconds"]
    row["total_bytes"] = sum(row[key] for key in _COUNTS if key != "rounds")
    return row


def _one_model(screen, args):
    """The rows of --model, printed; JSON of them and the machine's limits."""
    model = _file(args.model)
    with screen.status("limits of the machine"):
        limits = machine_limits.measure()
    rows = []
    for tokens in map(int, args.tokens.split(",")):
        with screen.status(f"{model.stem}, {tokens} tokens"):
            row = bench_model.measure(model, tokens, args.repeat, limits)
            if not args.no_paper:
                row["paper"] = bench_model.paper(model, tokens, args.repeat)
            rows.append(row)
    tables = [bench_model.table(rows), *(t(rows[-1]) for t in (bench_model.layer_table,
                                                               bench_model.operation_table))]
    screen.print(f"{limits['multiplications_per_second'] / 1e9:.1f} G multiplications/s, "
                 f"{limits['aes_bytes_per_second'] / 1e9:.1f} GB/s of AES, "
                 f"{limits['memory_bytes_per_second'] / 1e9:.1f} GB/s of memory, "
                 f"{1e6 * limits['exchange_seconds']:.0f} us an exchange", soft_wrap=True)
    for lines in tables:
        screen.print("\n" + "\n".join(lines), soft_wrap=True, markup=False)
    if args.plot:
        pathlib.Path(args.plot).write_text(bench_model.plot(rows), encoding="utf-8")
    return {"model": model.stem, "limits": limits, "rows": rows}


# For --predict: whose constants, and whose times.
_CONSTANTS = ("minilm-w1a4", 16)
_PREDICTED = (("bert-tiny-w1a4", 16), ("minilm-layer-w8a8", 16), ("minilm-w8a8", 16))
# For --choices.
_CHOSEN = (("minilm-w1a4", 16), ("minilm-w8a8", 16))


def _predictions(screen, args):
    found = []
    for one in predictions.compare((_model(_CONSTANTS[0]), _CONSTANTS[1]),
                                   [(_model(name), tokens) for name, tokens in _PREDICTED],
                                   args.repeat):
        screen.print(f"  {one.model}, {one.network}")
        found.append(one)
    screen.print("\n" + "\n".join(predictions.table(found)), soft_wrap=True, markup=False)
    return [dataclasses.asdict(one) for one in found]


def _choices(screen, args):
    models = [(args.model, int(tokens)) for tokens in args.tokens.split(",")]
    if not args.model:
        models = list(_CHOSEN)
    found = []
    for name, tokens in models:
        for one in profile_choices.measure(_file(name), tokens, args.repeat):
            screen.print(f"  {one.model}, {one.network}, {one.options}")
            found.append(one)
    screen.print("\n" + "\n".join(profile_choices.table(found)), soft_wrap=True, markup=False)
    return [dataclasses.asdict(one) for one in found]


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


def _write(file, result):
    if file:
        pathlib.Path(file).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    args = _parser().parse_args()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    screen = console.Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    result = {"machine": _machine()}
    if args.model or args.predict or args.choices:
        if args.choices:
            result["choices"] = _choices(screen, args)
        elif args.model:
            result["model"] = _one_model(screen, args)
        if args.predict:
            result["predictions"] = _predictions(screen, args)
        _write(args.json, result)
        return 0
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
    _write(args.json, result)
    return 1 if any("error" in row for row in result.get("models", [])) else 0


if __name__ == "__main__":
    sys.exit(main())
