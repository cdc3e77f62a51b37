# SPDX-License-Identifier: Apache-2.0
"""What a quantized encoder keeps of its teacher, measured in the clear and privately."""

import json

import numpy as np
import pytest
from small_teacher import run_tool

from tools.quantize import accuracy


def _rows(count, width=8, seed=1):
    return np.random.default_rng(seed).normal(size=(count, width))


def test_the_teacher_agrees_with_itself():
    rows = _rows(30)
    assert accuracy.measures(3 * rows, rows) == {
        name: pytest.approx(1) for name in ("spearman", "top1", "top10", "cosine")}


def test_retrieval_counts_shared_neighbours():
    angles = np.radians([0, 1, 3, 90, 91, 95])
    theirs = np.stack([np.cos(angles), np.sin(angles)], 1)
    assert accuracy.retrieval(theirs, theirs, 2) == 1
    ours = theirs[[3, 1, 2, 0, 4, 5]]  # the first and the fourth change places
    # Only the third and the last keep their nearest neighbour.
    assert accuracy.retrieval(ours, theirs, 1) == pytest.approx(2 / 6)


def test_a_model_is_measured_in_three_ways(distilled, small_teacher, lines, tmp_path):
    results = tmp_path / "results.json"
    words = ("--results", results, "--model", distilled, "--teacher", small_teacher, "--text",
             lines, "--count", 6)
    done = run_tool("accuracy", *words)
    assert done.returncode == 0, done.stderr
    entry = json.loads(results.read_text(encoding="utf-8"))["student"]
    assert entry["sentences"] == 6
    for name, value in entry["PyTorch"].items():
        assert value == pytest.approx(entry["ONNX Runtime"][name], abs=0.02)
    assert entry["to ONNX Runtime"]["cosine"] > 0.95
    assert sum(cost["count"] for cost in entry["costs"].values()) == 6
    assert done.stdout.count("| student |") == 4

    coarse = run_tool("accuracy", *words, "--label", "coarse", "--compile=--extra-index-bits 1")
    assert coarse.returncode == 0, coarse.stderr
    costs = {label: entry["costs"] for label, entry in
             json.loads(results.read_text(encoding="utf-8")).items()}
    for length, cost in costs["student"].items():
        assert costs["coarse"][length]["material_bytes"] < cost["material_bytes"]
    again = run_tool("accuracy", "--results", results, "--table")
    assert again.stdout == coarse.stdout


def test_bad_requests_are_refused(distilled, small_teacher, lines, tmp_path):
    words = ("--results", tmp_path / "r.json", "--model", distilled, "--teacher", small_teacher)
    for more, message in (
            (("--text", lines, "--count", 1000), "1000 sentences are asked for; at least 3"),
            (("--text", lines, "--count", 3, "--compile=--no-such"), "--no-such"),
            ((), "--model, --teacher and --text are needed, or --table")):
        done = run_tool("accuracy", *words, *more)
        assert done.returncode != 0 and message in done.stderr
        assert "Traceback" not in done.stderr and not (tmp_path / "r.json").exists()
