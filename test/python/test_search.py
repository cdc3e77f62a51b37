# SPDX-License-Identifier: Apache-2.0
"""Widths of layers proposed for a budget of bytes."""

import dataclasses
import json
import re
import subprocess

import pytest
from small_teacher import run_tool

from tools.lib import private_run
from tools.quantize import cost, search, teacher


def _choice(layer, loss, price):
    return search.Choice(layer, loss, 100, 100 + price)


def test_layers_are_widened_by_worth_per_byte():
    choices = [_choice(0, 1.0, 100), _choice(1, 3.0, 100), _choice(2, 2.0, 20)]
    assert search.choose(choices, 50 + 300 + 120, 50) == 50 + 300 + 120
    assert [c.chosen for c in choices] == [False, True, True]


def test_what_does_not_fit_is_passed_over():
    choices = [_choice(0, 9.0, 100), _choice(1, 0.1, 30)]
    assert search.choose(choices, 200 + 40, 0) == 230
    assert [c.chosen for c in choices] == [False, True]


def test_predicted_cost_is_that_of_the_trained_model(distilled, small_teacher, tmp_path):
    shape = dataclasses.replace(teacher.load(small_teacher).shape, dense=True)
    private_run.compile_model(distilled, tmp_path, 16)
    done = subprocess.run([private_run.BIN / "mpcc", "inspect", "--json",
                           tmp_path / "party1.plan"], capture_output=True, text=True, check=True)
    [program] = json.loads(done.stdout)["programs"]
    predicted = cost.predict(shape, 1, (4,) * shape.layers, 16)
    assert predicted["total"] == program["cost"]
    assert {f"layer.{i}" for i in range(shape.layers)} < set(predicted)


@pytest.mark.parametrize("bits", [(4, 8), (8, 4)])
def test_wide_layers_cost_more(small_teacher, bits):
    shape = teacher.load(small_teacher).shape
    predicted = cost.predict(shape, 1, bits, 16)
    sizes = {b: cost.online_bytes(predicted[f"layer.{i}"]) for i, b in enumerate(bits)}
    assert sizes[8] > sizes[4]


def test_the_command_proposes_what_fits(small_teacher, lines):
    words = ("--teacher", small_teacher, "--text", lines, "--length", 16, "--dense")
    refused = run_tool("search", *words, "--budget", 0.001)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    least = float(re.search(r"an inference takes ([\d.]+) MB already", refused.stderr)[1])
    done = run_tool("search", *words, "--budget", 1.6 * least)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"--dense --weights 1 --activations 4 --layer-activations (0:8|1:8)(,1:8)?"
                        r"\n", done.stdout)
    total = float(re.search(r"the whole: ([\d.]+) MB", done.stderr)[1])
    assert least <= total <= 1.6 * least
