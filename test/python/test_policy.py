# SPDX-License-Identifier: Apache-2.0
"""Every number of the policy, at its ends: a model compiles, or is told what is accepted."""

import concurrent.futures
import json
import subprocess

import onnx
import pytest

from tools.lib import costs, private_run
from tools.models import random_bert, registry


def _mpcc(*arguments):
    return subprocess.run([private_run.BIN / "mpcc", *map(str, arguments)], capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, check=False, timeout=300)


def _bounds():
    return json.loads(_mpcc("policy", "--json").stdout)["bounds"]


@pytest.fixture(scope="module", params=[(4, "gelu"), (8, "relu")])
def model(request, tmp_path_factory):
    bits, function = request.param
    path = tmp_path_factory.mktemp("policy") / "model.onnx"
    onnx.save(random_bert.make(random_bert.BertConfig(
        layers=1, hidden=16, heads=2, intermediate=32, vocab=20, positions=16, labels=0,
        weights=min(bits, 2), activations=bits, function=function)), str(path))
    return path


def test_every_number_at_its_ends_compiles_or_is_refused(model, tmp_path):
    def outcome(assignment):
        done = _mpcc("compile", model, "--seq-len", 8, "--policy", assignment, "-o",
                     tmp_path / assignment)
        refused = done.returncode == 1 and "accepted:" in done.stderr
        return done.returncode == 0 or refused, f"{assignment}: {done.returncode} {done.stderr}"

    ends = [f"{name}={int(end) if end == int(end) else end}"
            for name, bounds in _bounds().items() for end in bounds]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, ends))
    assert not [told for good, told in outcomes if not good]


def test_a_far_network_saves_rounds_and_shows_in_every_plan(model, tmp_path):
    told_costs = []
    for name in ("local", "wan"):
        done = _mpcc("compile", model, "--seq-len", 16, "--net", name, "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
        told = _mpcc("inspect", "--json", tmp_path / name / "party1.plan").stdout
        told_costs.append(json.loads(told)["programs"][0]["cost"])
    assert told_costs[1]["rounds"] <= told_costs[0]["rounds"]


def test_a_public_bound_of_scores_is_told_in_every_plan_that_uses_it(tmp_path):
    model = registry.make("bert-test-w8a8", private_run.ROOT / ".cache/models")
    for name, options in (("none", ()), ("bound", ("--public-bound", "softmax=5.5"))):
        done = _mpcc("compile", model, "--seq-len", 48, *options, "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert ("softmax-bound" in done.stdout) == bool(options)
        for party in range(3):
            told = _mpcc("inspect", tmp_path / name / f"party{party}.plan").stdout
            assert ("declared leakage 'softmax-bound'" in told) == bool(options)
    for wrong in ("5.5", "softmax=-1", "softmax=x"):
        done = _mpcc("compile", model, "--public-bound", wrong, "-o", tmp_path / "wrong")
        assert done.returncode != 0 and "--public-bound" in done.stderr


def test_a_public_bound_that_is_left_unused_is_told(tmp_path):
    model = registry.make("bert-test-w1a4", private_run.ROOT / ".cache/models")
    bound = ("--public-bound", "softmax=5.5")
    done = _mpcc("compile", model, "--seq-len", 16, *bound, "-o", tmp_path / "plans")
    assert done.returncode == 0 and "softmax-bound" not in done.stdout
    assert "a public bound of scores that is left unused in this softmax" in done.stderr


@pytest.mark.parametrize("name", ["bert-test-w1a4", "bert-test-w8a8"])
@pytest.mark.parametrize("tokens", [16, 48])
@pytest.mark.parametrize("net", ["local", "wan"])
def test_a_public_bound_never_costs_more(name, tokens, net):
    model = registry.make(name, private_run.ROOT / ".cache/models")
    without = costs.counts(model, tokens, ("--net", net))
    for bound in ("2.7", "5.5", "500"):
        held = costs.counts(model, tokens, ("--net", net, "--public-bound", f"softmax={bound}"))
        for count in ("rounds", "material_bytes"):
            assert held[count] <= without[count], (bound, count)


def test_check_and_verify_take_a_policy(model, tmp_path):
    inputs = tmp_path / "inputs.jsonl"
    inputs.write_text("[1, 2, 3, 4]\n", encoding="utf-8")
    options = ("--seq-len", 8, "--policy", "norm-width=18,extra-index-bits=3", "--net", "lan")
    assert _mpcc("check", model, *options).returncode == 0
    done = _mpcc("verify", model, "--inputs", inputs, *options, "--least", -1)
    assert done.returncode == 0, done.stderr
