# SPDX-License-Identifier: Apache-2.0
"""Checks, compiles and asks files of the suite, and compares with ONNX Runtime."""

import argparse
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx

from tools.lib import private_run
from tools.models import session as sessions
from tools.suite import answers, inputs


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
    def name(self):
        return self.path.stem


@dataclasses.dataclass
class Result:
    """What became of one file. Cosines are the least over the asked inputs."""

    file: File
    refused: str = ""  # the first message, if it was not compiled
    warnings: int = 0
    noise: list = dataclasses.field(default_factory=list)
    found: list = dataclasses.field(default_factory=list)
    padding: list = dataclasses.field(default_factory=list)  # ONNX Runtime padded against not

    @property
    def accepted(self):
        return not self.refused

    @property
    def judged(self):
        """Answers to the inputs on which the file is stable."""
        return [f for f, n in zip(self.found, self.noise, strict=True) if n.good]

    @property
    def stable(self):
        return any(n.good for n in self.noise)

    @property
    def right(self):
        return self.accepted and all(f.good for f in self.judged)


def read_index(folder):
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


def _compile(path, plans, options):
    """Messages of the compiler, and whether it made plans."""
    plans.mkdir()
    command = [private_run.BIN / "mpcc", "compile", path, "--seq-len", str(inputs.BUCKET),
               "-o", plans, *options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, timeout=300)
    return done.stderr.strip(), done.returncode == 0


def _first_error(messages):
    lines = [line for line in messages.splitlines() if "error" in line] or messages.splitlines()
    return lines[0] if lines else "no message"


def _ask(result, asked, folder, options):
    """Private answers to `asked`; none, with the reason in `result`, if the file is refused."""
    messages, made = _compile(result.file.path, folder / "plans", options)
    result.warnings = sum("warning" in line for line in messages.splitlines())
    try:
        if made:
            return _private(folder / "plans", asked, folder)
        result.refused = _first_error(messages)
    except RuntimeError as error:
        result.refused = str(error)
    return []


def measure(file, calibrate):
    """Compiles a file, with `calibrate` on the calibration inputs, and asks it the others."""
    result = Result(file)
    sequences = inputs.ids(file.tokens, inputs.ASKED_SEED, inputs.ASKED_COUNT)
    plain = [inputs.feeds(file.tokens, s) for s in sequences]
    padded = [inputs.feeds(file.tokens, s, inputs.BUCKET) for s in sequences]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_calibration(file.tokens, folder / "calibration.jsonl")
        options = ["--calibrate", folder / "calibration.jsonl"] if calibrate else []
        private = _ask(result, plain, folder, options)
    if not private:
        return result
    model = answers.runnable(onnx.load(file.path))
    session = sessions.open_session(model)
    result.noise = answers.noise(model, padded)
    for own, fed, alone, tokens in zip(private, padded, plain, sequences, strict=True):
        expected = answers.run(session, fed)
        result.padding.append(answers.agreement(answers.run(session, alone), expected))
        result.found.append(answers.agreement(_tokens(own, tokens), _tokens(expected, tokens)))
    return result


def _tokens(answer, sequence):
    """The answer without what padded positions give: shapes [1, S, ...] or [1, S] of tokens."""
    return {name: value[:, : len(sequence)] if value.ndim > 1
            and value.shape[1] == inputs.BUCKET else value for name, value in answer.items()}


def line(result):
    """One line of text for a result."""
    if not result.accepted:
        return f"refused   {result.file.name}: {result.refused[:300]}"
    worst = min(f.cosine for f in result.found)
    labels = sum(not f.label for f in result.found)
    stable = sum(n.good for n in result.noise)
    verdict = "right   " if result.right and result.stable else (
        "unstable" if not result.stable else "WRONG   ")
    return (f"{verdict}  {result.file.name}: cosine {worst:.4f}, noise "
            f"{min(n.cosine for n in result.noise):.4f}, stable on {stable} of "
            f"{len(result.noise)}, labels changed {labels}, warnings {result.warnings}, padded "
            f"against not {min(p.cosine for p in result.padding):.4f}")


def main(argv=None):
    parser = argparse.ArgumentParser(prog="tools.suite.measure", description=__doc__)
    parser.add_argument("folder", help="with index.json")
    parser.add_argument("filters", nargs="*", help="parts of names; all files if there is none")
    parser.add_argument("--calibrate", action="store_true")
    args = parser.parse_args(argv)
    for file in read_index(args.folder):
        if not args.filters or any(f in file.name for f in args.filters):
            print(line(measure(file, args.calibrate)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
