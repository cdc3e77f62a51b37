# SPDX-License-Identifier: Apache-2.0
"""The plans of P1 and P2 are no function of the model owner's numbers."""

import json
import pathlib
import struct
import subprocess

import onnx
import pytest

import twins
from tools.lib import private_run
from tools.suite import inputs, measure

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


def _plans(model, folder, options):
    onnx.save(model, folder / "model.onnx")
    private_run.compile_model(folder / "model.onnx", folder, 8, *options)
    return [_message_and_constants(folder / f"party{p}.plan") for p in range(3)]


# A file of each quantizer, with GELU and normalizations in pieces and as operators.
_FILES = [
    "bert-two-layers.torchscript17.ort-static-matmul", "xlmr-encoder.torchscript17.ort-static",
    "bert-sequence.torchscript14.ort-static", "minilm-sentence.torchscript17.ort-static-uint8",
    "bert-token.torchscript17.ort-static-channel", "bert-sequence.torchscript17.ort-static-int4",
    "distilbert-sequence.torchscript17.ort-static-16-bit",
    "distilbert-sequence.torchscript14.ort-qoperator", "electra-sequence.torchscript17.ort-dynamic",
    "bert-token.dynamo18.ort-dynamic", "bert-sequence.optimum14.optimum-static-channel",
    "roberta-sequence.torchscript17.brevitas-qcdq", "electra-sequence.torchscript17.brevitas-qonnx",
    "bert-relu.torchscript14.ort-static-uint8"]


@pytest.mark.parametrize("calibrate", [False, True])
@pytest.mark.parametrize("name", _FILES)
def test_files_that_differ_in_private_numbers_have_one_plan(tmp_path, name, calibrate):
    file, = (f for f in measure.read_index(_ROOT / "test/suite") if f.name == name)
    samples = tmp_path / "samples.jsonl"
    samples.write_text("".join(json.dumps(ids) + "\n" for ids in inputs.ids(file.tokens, 11, 8, 8)),
                       encoding="utf-8")
    options = ["--calibrate", samples] if calibrate else []
    found = []
    for seed in (1, 2):
        (folder := tmp_path / str(seed)).mkdir()
        found.append(_plans(twins.twin(onnx.load(file.path), seed), folder, options))
    first, second = found
    assert first[0] != second[0]
    assert first[2] == second[2]
    assert first[1][0] == second[1][0]
