# SPDX-License-Identifier: Apache-2.0
"""The models that lie in the repository."""

import json
import pathlib
import subprocess

import numpy as np

from tools.lib import private_run
from tools.models import oracle, texts
from tools.quantize import evaluate, teacher, text

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_MODEL = _ROOT / "models/minilm-w1a4.onnx"


def test_the_widths_are_those_of_the_name():
    assert _MODEL.stat().st_size <= 16e6
    report = subprocess.run([private_run.BIN / "mpcc", "check", _MODEL, "--seq-len", "16,128"],
                            capture_output=True, text=True, check=True).stdout
    products = [line for line in report.splitlines() if " x " in line and "ring" in line]
    real = [line for line in products if line.split()[0] not in ("int4", "uint4")]
    assert [line.split()[-1] for line in real] == ["1", "1"]  # the dense layer, in each bucket
    assert all(line.split()[:3] == ["float", "x", "float"] for line in real)
    assert sum(int(line.split()[-1]) for line in products if "x int1" in line) == 2 * 36  # buckets


def test_it_keeps_much_of_its_teacher():
    lines = texts.sentences()[::4]
    rows = text.tokenize(teacher.tokenizer_of(teacher.PACKAGED[0]), lines, 128)
    theirs = evaluate.outputs(teacher.load(teacher.PACKAGED[0]), rows)
    model = oracle.Oracle(_MODEL)
    ours = np.stack([next(iter(model.run_text(line).values())).ravel() for line in lines])
    assert evaluate.similarity_spearman(ours, theirs) > 0.78


def test_its_private_answer_is_near_onnx_runtimes(tmp_path):
    private_run.compile_model(_MODEL, tmp_path / "plans", 16)
    encoded = texts.encode("Nobody but me will ever read this sentence.")
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps(encoded), encoding="utf-8")
    [answer] = private_run.run_parties(tmp_path / "plans", [ids])
    private = np.array(answer["outputs"]["sentence_embedding"]["values"]).ravel()
    expected = next(iter(oracle.Oracle(_MODEL).run(encoded).values())).ravel()
    # Another model would be near 0.
    assert private @ expected / np.linalg.norm(private) > 0.95
