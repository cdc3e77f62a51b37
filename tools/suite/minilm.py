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


def _asked(count):
    """Every third sentence, so that all lengths from 3 to _LONGEST tokens are there."""
    fitting = [t for t in texts.sentences() if len(texts.encode(t)["input_ids"]) <= _LONGEST]
    return fitting[::3][:count]


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


def _cosines(ours, theirs):
    return (compare.unit(ours) * compare.unit(theirs)).sum(1)


def _private(path, calibration, inputs, screen):
    """Embeddings by three parties."""
    with tempfile.TemporaryDirectory() as plans:
        private_run.compile_model(path, plans, _BUCKETS, "--calibrate", str(calibration))
        return private_embeddings.embeddings(private_embeddings.answers(
            plans, inputs, screen, "--peer-timeout", "900"))


def _row(name, path, calibration, inputs, screen):
    """Least and mean cosines to the file's answers: by three parties, by the same program without
    random rounding, and of the noise; and how near the file and the parties are to the float."""
    model = onnx.load(path)
    expected = _embeddings(model, inputs)
    verified = _cosines(private_run.verify_model(path, inputs, _BUCKETS, "--calibrate",
                                                 str(calibration)), expected)
    private = _private(path, calibration, inputs, screen)
    noise = [_cosines(_embeddings(graphs.with_noise(model, seed), inputs), expected)
             for seed in answers.SEEDS]
    real = _embeddings(onnx.load(registry.make("minilm-float", CACHE)), inputs)
    found = _cosines(private, expected)
    return {"quantizer": name, "private_least": found.min(), "private_mean": found.mean(),
            "verified_least": verified.min(), "verified_mean": verified.mean(),
            "noise_least": np.median([n.min() for n in noise]),
            "noise_mean": np.median([n.mean() for n in noise]),
            "float_mean": _cosines(private, real).mean(),
            "file_to_float_mean": _cosines(expected, real).mean()}


def main(argv=None):
    parser = argparse.ArgumentParser(prog="tools/measure-minilm", description=__doc__)
    parser.add_argument("quantizers", nargs="*", help=f"of {', '.join((*PUBLIC, 'mpcc'))}; all")
    parser.add_argument("--count", type=int, default=_COUNT, help="sentences, default %(default)s")
    args = parser.parse_args(argv)
    screen = console.Console(highlight=False, width=100)
    calibration = CACHE / "minilm-calibration.jsonl"
    CACHE.mkdir(parents=True, exist_ok=True)
    calibration.write_text("".join(json.dumps(texts.encode(text)) + "\n"
                                   for text in texts.calibration()), encoding="utf-8")
    inputs = [texts.encode(text) for text in _asked(args.count)]
    for name in args.quantizers or (*PUBLIC, "mpcc"):
        try:
            row = _row(name, _quantized(name, calibration, screen), calibration, inputs, screen)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            screen.print(f"{name}: {error}")
            continue
        screen.print(" ".join(f"{key} {value:.4f}" if key != "quantizer" else f"{value}:"
                              for key, value in row.items()))


if __name__ == "__main__":
    sys.exit(main())
