# SPDX-License-Identifier: Apache-2.0
"""Whole private inferences: ONNX file, compiler, three processes with mutual TLS, answer."""

import json
import os
import pathlib
import signal
import subprocess

import numpy as np
import pytest

from tools.lib import private_run
from tools.models import oracle

_BUCKET = 16
_LENGTHS = (3, 9, _BUCKET)


def _encoded(tokens):
    """Ids that every test model's vocabulary has, padded to the bucket."""
    pad = [0] * (_BUCKET - tokens)
    return {"input_ids": [1 + 7 * i % 90 for i in range(tokens)] + pad,
            "attention_mask": [1] * tokens + pad, "token_type_ids": [0] * _BUCKET}


def _flat(values):
    return np.asarray(values, np.float64).ravel()


def _private_answers(model, folder):
    """One answer for each of _LENGTHS, from one set-up of the three parties."""
    private_run.compile_model(model, folder / "plans", _BUCKET)
    files = [folder / f"ids{tokens}.json" for tokens in _LENGTHS]
    for path, tokens in zip(files, _LENGTHS, strict=True):
        path.write_text(json.dumps(_encoded(tokens)), encoding="utf-8")
    return private_run.run_parties(folder / "plans", files)


def test_private_embeddings_point_where_onnx_runtimes_do(model_path, tmp_path):
    model = model_path("minilm-layer-w8a8")
    reference = oracle.Oracle(model)
    for tokens, answer in zip(_LENGTHS, _private_answers(model, tmp_path), strict=True):
        private = _flat(answer["outputs"]["sentence_embedding"]["values"])
        expected = _flat(reference.run(_encoded(tokens))["sentence_embedding"])
        cosine = private @ expected / np.linalg.norm(private) / np.linalg.norm(expected)
        assert cosine > 0.99, f"{tokens} tokens"


# A four-bit activation moves by 1/15 of its range when a rounding flips, and random weights of
# one bit pass that on to the logits: the bounds are loose there. The replay tests are exact.
@pytest.mark.parametrize("name, bound", [("bert-test-w1a4", 1.0), ("bert-test-w8a8", 0.15)])
def test_private_logits_are_near_onnx_runtimes(model_path, tmp_path, name, bound):
    model = model_path(name)
    reference = oracle.Oracle(model)
    for tokens, answer in zip(_LENGTHS, _private_answers(model, tmp_path), strict=True):
        private = _flat(answer["outputs"]["logits"]["values"])
        expected = _flat(reference.run(_encoded(tokens))["logits"])
        assert np.abs(private - expected).max() < bound, f"{tokens} tokens"


def test_every_inference_costs_the_same(model_path, tmp_path):
    counts = ("rounds", "messages_p1_to_p2", "messages_p2_to_p1", "bytes_p1_to_p2",
              "bytes_p2_to_p1", "material_bytes")
    answers = _private_answers(model_path("bert-test-w1a4"), tmp_path)
    costs = {tuple(answer["stats"][key] for key in counts) for answer in answers}
    assert len(costs) == 1 and min(costs.pop()) > 0


def test_a_simulated_link_is_as_slow_as_asked(model_path, tmp_path):
    model = model_path("bert-test-w1a4")
    plans = private_run.compile_model(model, tmp_path / "plans", _BUCKET).plans
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps(_encoded(9)), encoding="utf-8")
    fast, = private_run.run_parties(plans, [ids])
    slow, = private_run.run_parties(plans, [ids], "--simulate", "rtt=4ms,bw=10mbit",
                                    "--uplink", "bw=100mbit")
    assert slow["outputs"] == fast["outputs"]
    stats = slow["stats"]
    assert stats["online_seconds"] >= stats["rounds"] * 0.002
    assert {key: stats[key] for key in ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1")} == {
        key: fast["stats"][key] for key in ("rounds", "bytes_p1_to_p2", "bytes_p2_to_p1")}


def _inspected(plans, *options):
    done = subprocess.run(
        [private_run.BIN / "mpcc", "inspect", plans / "party1.plan", "--json", *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["programs"][0] if done.returncode == 0 else done.stderr


def test_times_are_predicted_from_what_the_plan_costs(plans_and_ids):
    program = _inspected(plans_and_ids[0], "--net", "rtt=4ms,bw=10mbit", "--uplink", "bw=1mbit")
    for part in (program, *program["layers"]):
        cost, predicted = part["cost"], part["predicted"]
        assert predicted["online_seconds"] == pytest.approx(predicted["exchange_seconds"])
        assert predicted["offline_seconds"] == pytest.approx(8 * cost["material_bytes"] / 1e6)
    for layer in program["layers"]:
        cost = layer["cost"]
        more = max(cost["bytes_p1_to_p2"], cost["bytes_p2_to_p1"])
        assert layer["predicted"]["exchange_seconds"] == pytest.approx(
            cost["rounds"] * 0.002 + 8 * more / 10e6)
    assert "predicted" not in _inspected(plans_and_ids[0])


def test_a_measured_machine_is_part_of_a_prediction(plans_and_ids, tmp_path):
    machine = tmp_path / "machine.json"
    answer, = private_run.run_parties(*plans_and_ids[:1], plans_and_ids[1:],
                                      "--measure-machine", str(machine))
    predicted = _inspected(plans_and_ids[0], "--net", "rtt=1us,bw=1000000mbit", "--uplink",
                           "bw=1000000mbit", "--machine", machine)["predicted"]
    stats = answer["stats"]
    assert predicted["exchange_seconds"] == pytest.approx(stats["exchange_seconds"])
    assert predicted["offline_seconds"] == pytest.approx(stats["deal_seconds"])
    computing = predicted["online_seconds"] - predicted["exchange_seconds"]
    assert computing == pytest.approx(stats["online_seconds"] - stats["exchange_seconds"], rel=0.1)


@pytest.mark.parametrize("model, tokens", [("bert-test-w8a8", 16), ("bert-tiny-w1a4", 128)])
def test_no_party_takes_more_memory_than_its_plan_says(model_path, tmp_path, model, tokens):
    private_run.compile_model(model_path(model), tmp_path / "plans", tokens)
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps({"input_ids": [5, 6, 7]}), encoding="utf-8")
    answer, = private_run.run_parties(tmp_path / "plans", [ids])
    for party, measured in enumerate(answer["peak_memory_bytes"]):
        done = subprocess.run([private_run.BIN / "mpcc", "inspect", "--json",
                               tmp_path / f"plans/party{party}.plan"],
                              capture_output=True, text=True, check=True)
        predicted = json.loads(done.stdout)["memory_bytes"]
        assert measured <= sum(predicted.values()), party
        assert sum(predicted.values()) <= 256e6
        assert (predicted["material"] > 0) == (party == 2)


def test_a_machine_that_is_none_is_refused(plans_and_ids, tmp_path):
    machine = tmp_path / "machine.json"
    for text in ("", "[]", "{}", '{"seconds_per_exchange": 1, "seconds_per_unit": {}}',
                 '{"seconds_per_exchange": 1, "deal_seconds_per_byte": -1, "seconds_per_unit": {}}',
                 '{"seconds_per_exchange": 1, "deal_seconds_per_byte": 1, '
                 '"seconds_per_unit": {"lut": "x"}}'):
        machine.write_text(text, encoding="utf-8")
        said = _inspected(plans_and_ids[0], "--net", "lan", "--machine", machine)
        assert "machine.json: " in said and "measure-machine" in said, text


@pytest.mark.parametrize("options, message", [
    (["--simulate", "rtt=4"], "network 'rtt=4'"), (["--uplink", "bw=1mbit"], "needs --simulate"),
    (["--simulate", "lan", "--uplink", "rtt=1ms"], "uplink 'rtt=1ms'")])
def test_links_that_are_none_are_named(plans_and_ids, options, message):
    with pytest.raises(RuntimeError, match=message) as refused:
        private_run.run_parties(plans_and_ids[0], [plans_and_ids[1]], *options)
    assert str(refused.value).count("error:") == 1  # not once a party


def test_a_missing_plan_is_named(tmp_path):
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps(_encoded(3)), encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"party[012]\.plan: cannot open"):
        private_run.run_parties(tmp_path / "nowhere", [ids])


def _children_by_role(pid):
    """Process ids of the parties that an mpcc-local started."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            words = (path.parent / "cmdline").read_bytes().split(b"\0")
        except (OSError, ProcessLookupError):
            continue  # it has just ended
        if parent == pid and b"--role" in words:
            found[int(words[words.index(b"--role") + 1])] = int(path.parent.name)
    return found


@pytest.fixture(scope="module")
def plans_and_ids(model_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("local")
    private_run.compile_model(model_path("bert-test-w1a4"), folder / "plans", _BUCKET)
    ids = folder / "ids.json"
    ids.write_text(json.dumps(_encoded(5)), encoding="utf-8")
    return folder / "plans", ids


@pytest.mark.parametrize("role", [0, 1, 2])
def test_a_killed_party_is_named(plans_and_ids, role):
    plans, ids = plans_and_ids
    local = subprocess.Popen(
        [private_run.BIN / "mpcc-local", "--plans", plans, "--input", ids, "--json",
         "--repeat", "1000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(3):
        assert "outputs" in json.loads(local.stdout.readline())
    parties = _children_by_role(local.pid)
    os.kill(parties[role], signal.SIGKILL)
    _, messages = local.communicate()
    assert local.returncode == 1
    assert f"error: P{role} was killed by signal 9" in messages
    for other in parties.values():
        assert not pathlib.Path(f"/proc/{other}/stat").exists()


def test_kept_state_is_of_one_set_of_plans(model_path, plans_and_ids, tmp_path):
    plans, ids = plans_and_ids
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    kept = ("--state", state)
    for _ in range(2):
        assert private_run.run_parties(plans, [ids], *kept)
    private_run.compile_model(model_path("bert-test-w8a8"), tmp_path / "plans", _BUCKET)
    with pytest.raises(RuntimeError, match="setup --renew"):
        private_run.run_parties(tmp_path / "plans", [ids], *kept)
    assert private_run.run_parties(tmp_path / "plans", [ids], *kept, "--renew")
    assert private_run.run_parties(tmp_path / "plans", [ids], *kept)
