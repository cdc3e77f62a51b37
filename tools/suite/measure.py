# SPDX-License-Identifier: Apache-2.0
"""Checks, compiles and asks files of the suite, and compares with ONNX Runtime."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
from collections.abc import Sequence

import numpy as np
import onnx

from tools.lib import private_run
from tools.models import session as sessions
from tools.suite import answers, graphs, inputs


@dataclasses.dataclass(frozen=True)
class File:
    """One entry of the index."""

    path: pathlib.Path
    family: str
    exporter: str
    opset: int
    quantizer: str
    tokens: inputs.Tokens

    @property
    def name(self) -> str:
        return self.path.stem


@dataclasses.dataclass
class Result:
    """What became of one file, and how far answers agree on each of the asked inputs."""

    file: File
    refused: str = ""  # the first message, if it was not compiled
    no_number: list = dataclasses.field(default_factory=list)  # inner values, of a refused file
    warned: bool = False
    exact: bool = False  # padding changes its results: asked at the lengths of the inputs
    noise: list = dataclasses.field(default_factory=list)  # ONNX Runtime with noise and without
    found: list = dataclasses.field(default_factory=list)  # private and ONNX Runtime

    @property
    def accepted(self) -> bool:
        return not self.refused

    @property
    def verdict(self) -> str:
        """One of broken, refused, unstable (on most inputs), right, wrong.

        Broken is a refused file that computes with NaN. The last two are of the inputs on which
        the file is stable.
        """
        if not self.accepted:
            return "broken" if self.no_number else "refused"
        judged = [i for i, n in enumerate(self.noise) if n.good]
        if 2 * len(judged) < len(self.noise):
            return "unstable"
        return "right" if all(self.found[i].good for i in judged) else "wrong"


def read_index(folder: str | pathlib.Path) -> list[File]:
    """The files that `index.json` in `folder` lists."""
    folder = pathlib.Path(folder)
    files = []
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8")):
        tokens = inputs.Tokens(entry["first"], entry["last"], entry["pad"], tuple(entry["inputs"]))
        files.append(File(folder / entry["file"], entry["family"], entry["exporter"],
                          entry["opset"], entry["quantizer"], tokens))
    return files


def _lists(feeds):
    return {name: value[0].tolist() for name, value in feeds.items()}


def write_calibration(tokens, path):
    """The calibration inputs as JSON lines, without padding."""
    lines = [json.dumps(_lists(inputs.feeds(tokens, sequence)))
             for sequence in inputs.ids(
                 tokens, inputs.CALIBRATION_SEED, inputs.CALIBRATION_COUNT)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _private(plans, asked, folder):
    paths = []
    for i, feeds in enumerate(asked):
        paths.append(folder / f"asked{i}.json")
        paths[-1].write_text(json.dumps(_lists(feeds)), encoding="utf-8")
    return [{name: np.array(output["values"]).reshape(output["shape"])
             for name, output in answer["outputs"].items()}
            for answer in private_run.run_parties(plans, paths, "--insecure")]


def _mpcc(*arguments):
    """Messages of mpcc, and whether it did what it was asked."""
    done = subprocess.run([private_run.BIN / "mpcc", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, timeout=300)
    return done.stderr.strip(), done.returncode == 0


def _first_error(messages):
    lines = [line for line in messages.splitlines() if "error" in line] or messages.splitlines()
    return lines[0] if lines else "no message"


def _is_exact(plans):
    done = subprocess.run([private_run.BIN / "mpcc", "inspect", "--json", plans / "party1.plan"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return any(program["exact_length"] for program in json.loads(done.stdout)["programs"])


def _compile(result, path, lengths, plans, options):
    plans.mkdir()
    messages, made = _mpcc("compile", path, "--seq-len", ",".join(map(str, lengths)), "-o", plans,
                           "--pool", "none", *options)
    result.warned |= "warning" in messages
    if not made:
        result.refused = _first_error(messages)
    return made


def _ask(result, path, asked, folder, calibrate):
    """Private answers to `asked`; none, with the reason in `result`, if the file is refused."""
    plans = folder / "plans"
    options = ["--calibrate", folder / "calibration.jsonl"] if calibrate else []
    if not _compile(result, path, [inputs.BUCKET], plans, options):
        return []
    result.exact = _is_exact(plans)
    if result.exact:
        plans = folder / "exact"
        lengths = {next(iter(feeds.values())).shape[1] for feeds in asked}
        if not _compile(result, path, sorted(lengths | {inputs.BUCKET}), plans, options):
            return []
    try:
        return _private(plans, asked, folder)
    except RuntimeError as error:
        result.refused = str(error)
        return []


def _quantized(result, folder):
    """The file to compile: that of the index, or what `mpcc quantize` makes of it."""
    if result.file.quantizer != "mpcc":
        return result.file.path
    path = folder / "quantized.onnx"
    messages, made = _mpcc("quantize", result.file.path, "--inputs",
                           folder / "calibration.jsonl", "-o", path)
    if not made:
        result.refused = _first_error(messages)
    return path


def _compare(result, model, private, sequences):
    tokens = result.file.tokens
    asked = [inputs.feeds(tokens, s, None if result.exact else inputs.BUCKET) for s in sequences]
    runnable = graphs.runnable(model)
    result.noise = answers.noise(runnable, asked)
    session = sessions.open_session(runnable)
    for own, feeds, sequence in zip(private, asked, sequences, strict=True):
        expected = answers.run(session, feeds)
        result.found.append(answers.agreement(_tokens(own, sequence), _tokens(expected, sequence)))


def measure(file: File, calibrate: bool) -> Result:
    """Compiles a file, with `calibrate` on the calibration inputs, and asks it the others."""
    result = Result(file)
    sequences = inputs.ids(file.tokens, inputs.ASKED_SEED, inputs.ASKED_COUNT)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_calibration(file.tokens, folder / "calibration.jsonl")
        path = _quantized(result, folder)
        if result.accepted:
            asked = [inputs.feeds(file.tokens, s) for s in sequences]
            private = _ask(result, path, asked, folder, calibrate)
            if private:
                _compare(result, onnx.load(path), private, sequences)
            else:
                result.no_number = answers.no_number(graphs.runnable(onnx.load(path)), asked[0])
    return result


def _tokens(answer, sequence):
    """The answer without what padded positions give: shapes [1, S, ...] or [1, S] of tokens."""
    return {name: value[:, : len(sequence)] if value.ndim > 1
            and value.shape[1] == inputs.BUCKET else value for name, value in answer.items()}


def line(result: Result) -> str:
    """One line of text for a result."""
    if not result.accepted:
        return f"{result.verdict:8} {result.file.name}: {result.refused[:300]}"
    least = {name: min(a.cosine for a in getattr(result, name)) for name in ("found", "noise")}
    labels = sum(not f.label for f in result.found)
    return (f"{result.verdict:8} {result.file.name}: cosine {least['found']:.4f}, "
            f"noise {least['noise']:.4f}, stable on "
            f"{sum(n.good for n in result.noise)} of {len(result.noise)}, {labels} labels changed"
            + ", exact length" * result.exact + ", warned" * result.warned)


def measure_all(files: Sequence[File], calibrate: bool) -> dict[str, Result]:
    """Results by name, of all processors at once."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda file: measure(file, calibrate), files)
        return {result.file.name: result for result in found}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tools.suite.measure", description=__doc__)
    parser.add_argument("folder", help="with index.json")
    parser.add_argument("filters", nargs="*", help="parts of names; all files if there is none")
    parser.add_argument("--calibrate", action="store_true")
    args = parser.parse_args(argv)
    for file in read_index(args.folder):
        if not args.filters or any(f in file.name for f in args.filters):
            print(line(measure(file, args.calibrate)), flush=True)


if __name__ == "__main__":
    main()
