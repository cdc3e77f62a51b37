# SPDX-License-Identifier: Apache-2.0
"""The plans of P1 and P2 are no function of the model owner's numbers."""

import pathlib
import struct
import subprocess

import onnx
import pytest

from tools.lib import private_run

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_HEADER = 128


def _message_and_constants(path):
    """The Plan message of a plan file and its constant section (docs/plan-format.md)."""
    data = path.read_bytes()
    (message_bytes,) = struct.unpack_from("<Q", data, 16)
    (constant_bytes,) = struct.unpack_from("<Q", data, 56)
    constants = data[len(data) - constant_bytes:] if constant_bytes else b""
    return data[_HEADER:_HEADER + message_bytes], constants


def _model(folder, weights, activations, seed):
    name = f"w{weights}a{activations}s{seed}"
    subprocess.run(
        [_ROOT / "tools/make-model", "bert", "--weights", str(weights), "--activations",
         str(activations), "--layers", "1", "--hidden", "32", "--heads", "2", "--intermediate",
         "64", "--vocab", "97", "--positions", "16", "--seed", str(seed), "--name", name,
         "--out", folder], check=True, capture_output=True)
    return folder / f"{name}.onnx"


@pytest.mark.parametrize("weights, activations", [(1, 4), (8, 8)])
def test_two_models_of_one_architecture_have_one_plan(tmp_path, weights, activations):
    plans = []
    for seed in (1, 2):
        model = _model(tmp_path, weights, activations, seed)
        private_run.compile_model(model, tmp_path / f"plans{seed}", 16)
        plans.append([_message_and_constants(tmp_path / f"plans{seed}" / f"party{p}.plan")
                      for p in range(3)])
    first, second = plans
    assert first[0] != second[0], "two models have the same weights: the test compares nothing"
    assert first[2] == second[2]
    assert first[1][0] == second[1][0]  # constants differ: the embedding is P1's, and public
    assert first[1][1] != second[1][1]


def test_buckets_share_weights_whatever_the_ranges(tmp_path):
    plans = []
    for seed in (1, 2):
        path = _model(tmp_path, 8, 8, seed)
        model = onnx.load(path)
        del model.metadata_props[:]  # ranges are then measured, in each bucket
        onnx.save(model, path)
        private_run.compile_model(path, tmp_path / f"plans{seed}", "4,16")
        plans.append([_message_and_constants(tmp_path / f"plans{seed}" / f"party{p}.plan")
                      for p in range(3)])
    first, second = plans
    assert first[0] != second[0]
    assert first[2] == second[2] and first[1][0] == second[1][0]
