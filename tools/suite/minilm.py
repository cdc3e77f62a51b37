# SPDX-License-Identifier: Apache-2.0
"""MiniLM with real weights, quantized by public tools: private answers against ONNX Runtime's.

Calibrated on tools/models/calibration.txt, asked other sentences. Needs tools/setup --models.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from rich import console

from tools.lib import private_embeddings, private_run
from tools.models import compare, registry, texts
from tools.models import session as sessions
from tools.suite import answers, graphs

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache/models"
PUBLIC = ("ort-static", "ort-static-matmul", "ort-static-channel", "ort-dynamic", "optimum-static",
          "optimum-dynamic")
_COUNT, _LONGEST = 60, 100  # sentences asked, and their tokens
_BUCKETS = "16,32,64,104"
_SHARE = 0.005  # of a step, as `mpcc compile --calibrate` warns by


def _fitting(lines):
    """Ids, mask and types of the texts of at most _LONGEST tokens."""
    encoded = [texts.encode(line) for line in lines]
    return [one for one in encoded if len(one["input_ids"]) <= _LONGEST]


def _quantized(name, calibration, screen):
    """Path of the quantized file; made unless it is there."""
    if name == "mpcc":
        return registry.make("minilm-w8a8", CACHE)
    path = CACHE / f"minilm.{name}.onnx"
    if not path.exists():
        screen.print(f"quantizing by {name}")
        source = registry.make("minilm-float", CACHE)
        subprocess.run([ROOT / ".venv-models/bin/python", "-m", "tools.suite.minilm_files", source,
                        calibration, CACHE, name],
                       check=True, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True)
    return path


def _embeddings(model, inputs):
    session = sessions.open_session(model)
    return np.stack([next(iter(sessions.run(session, texts.feeds(i)).values())).ravel()
                     for i in inputs])


def _verified(path, calibration, inputs, screen):
    """Embeddings by the private program in the interpreter, which rounds half up."""
    return private_run.verify_model(path, inputs, _BUCKETS, "--calibrate", str(calibration))


def _private(path, calibration, inputs, screen):
    """Embeddings by three parties."""
    with tempfile.TemporaryDirectory() as plans:
        private_run.compile_model(path, plans, _BUCKETS, "--calibrate", str(calibration))
        return private_embeddings.embeddings(private_embeddings.answers(
            plans, inputs, screen, "--peer-timeout", "900"))


_RUNS = {"verified": _verified, "private": _private}


def _columns(name, found):
    return {f"{name} least": found.min(), f"{name} mean": found.mean()}


def _row(path, calibration, inputs, runs, screen):
    """Cosines: to the answers of the file, by each of `runs`, by ONNX Runtime with noise in its
    words and before each rounding; to those of the float model."""
    model = onnx.load(path)
    expected = _embeddings(model, inputs)
    real = _embeddings(onnx.load(registry.make("minilm-float", CACHE)), inputs)
    noise = [compare.cosines(_embeddings(graphs.with_noise(model, seed), inputs), expected)
             for seed in answers.SEEDS]
    rounded = [compare.cosines(_embeddings(graphs.with_rounding_noise(model, seed, _SHARE), inputs),
                               expected) for seed in answers.SEEDS]
    row = {"file to float mean": compare.cosines(expected, real).mean(),
           "noise least": np.median([n.min() for n in noise]),
           "noise mean": np.median([n.mean() for n in noise]),
           "rounding noise least": np.median([n.min() for n in rounded]),
           "rounding noise mean": np.median([n.mean() for n in rounded])}
    for run in runs:
        found = _RUNS[run](path, calibration, inputs, screen)
        row |= _columns(run, compare.cosines(found, expected))
        row[f"{run} to float mean"] = compare.cosines(found, real).mean()
    return row


def main(argv=None):
    parser = argparse.ArgumentParser(prog="tools/measure-minilm", description=__doc__)
    parser.add_argument("quantizers", nargs="*", help=f"of {', '.join((*PUBLIC, 'mpcc'))}; all")
    parser.add_argument("--count", type=int, default=_COUNT, help="sentences, default %(default)s")
    parser.add_argument("--verify", action="store_true", help="in the interpreter alone, without "
                        "the three parties")
    args = parser.parse_args(argv)
    screen = console.Console(highlight=False, width=100)
    calibration = CACHE / "minilm-calibration.jsonl"
    CACHE.mkdir(parents=True, exist_ok=True)
    calibration.write_text("".join(json.dumps(one) + "\n" for one in _fitting(texts.calibration())),
                           encoding="utf-8")
    inputs = _fitting(texts.sentences())[::3][: args.count]  # of all lengths
    for name in args.quantizers or (*PUBLIC, "mpcc"):
        try:
            row = _row(_quantized(name, calibration, screen), calibration, inputs,
                       ("verified",) if args.verify else tuple(_RUNS), screen)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            screen.print(f"{name}: {error}")
            continue
        screen.print(f"{name}: " + ", ".join(f"{key} {value:.4f}" for key, value in row.items()))


if __name__ == "__main__":
    sys.exit(main())
