# SPDX-License-Identifier: Apache-2.0
"""Compiles a model and runs it with three parties on this machine."""

import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("MPCC_BIN", ROOT / "build/release/bin"))

Path = str | os.PathLike


@dataclasses.dataclass
class Compilation:
    """Where the plans are, and what making them cost."""

    plans: pathlib.Path
    seconds: float
    peak_bytes: int


def compile_model(model: Path, plans: Path, seq_len: int | str, *options: str) -> Compilation:
    """Plans of an ONNX file for the sequence lengths `seq_len`, as text: "16" or "16,64"."""
    plans = pathlib.Path(plans)
    plans.mkdir(parents=True, exist_ok=True)
    command = [BIN / "mpcc", "compile", model, "--seq-len", str(seq_len), "-o", plans, *options]
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    assert process.stderr
    messages = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"mpcc compile {model}: {messages.decode(errors='replace').strip()}")
    return Compilation(plans, time.monotonic() - start, usage.ru_maxrss * 1024)


@contextlib.contextmanager
def _samples(inputs: Iterable[dict]) -> Iterator[str]:
    """Name of a file of `inputs`, a list of lists by input name."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(sample) + "\n" for sample in inputs)
        file.flush()
        yield file.name


def _compiler() -> pathlib.Path:
    program = BIN / "mpcc"
    if not program.exists():
        raise RuntimeError(f"no compiler in {BIN}: build it first (cmake --preset release, cmake "
                           "--build --preset release), or name its folder in MPCC_BIN")
    return program


def tokenizer_in(folder: Path) -> str:
    """The tokenizer.json of a model's folder as plans get it, lowering texts where the folder says
    so; empty where there is none."""
    done = subprocess.run([_compiler(), "inspect", folder, "--tokenizer"], capture_output=True,
                          stdin=subprocess.DEVNULL, encoding="utf-8", check=False)
    if done.returncode:
        raise ValueError(done.stderr.strip().removeprefix("error: "))
    return done.stdout


def quantize_model(model: Path, inputs: Iterable[dict], output: Path) -> None:
    """Writes a float model quantized by `mpcc quantize` on `inputs`, lists by input name."""
    with _samples(inputs) as samples:
        done = subprocess.run([_compiler(), "quantize", model, "--inputs", samples, "-o", output],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mpcc quantize {model}: {done.stderr.strip()}")


def verify(model: Path, inputs: Iterable[dict], seq_len: int | str, *options: str) -> dict:
    """What `mpcc verify --json` says of `inputs`, a list of lists by input name."""
    with _samples(inputs) as samples:
        command = [BIN / "mpcc", "verify", model, "--inputs", samples, "--seq-len", str(seq_len),
                   "--json", "--least", "-1", *options]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
    if done.returncode:
        raise RuntimeError(f"mpcc verify {model}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def verify_model(model: Path, inputs: Iterable[dict], seq_len: int | str,
                 *options: str) -> np.ndarray:
    """Rows of what `mpcc verify` computes of `inputs` for a model of one result."""
    answers = sorted(verify(model, inputs, seq_len, *options)["answers"],
                     key=lambda answer: answer["line"])
    return np.array([answer["values"] for answer in answers])


def run_parties(plans: Path, inputs: Iterable[Path], *options: str) -> list[dict]:
    """The answer to each file of token ids in `inputs`: dictionaries with outputs and stats."""
    command = [BIN / "mpcc-local", "--plans", plans, "--json", *options, "--input", *inputs]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise RuntimeError(f"mpcc-local: {done.stderr.strip() or done.stdout.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]
