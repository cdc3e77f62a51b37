# SPDX-License-Identifier: Apache-2.0
"""Replay equality on whole models: every wire of the private run is the interpreter's."""

import pathlib
import subprocess

import pytest

from tools.lib import private_run

_SUITE = pathlib.Path(__file__).resolve().parents[2] / "test/suite"


@pytest.mark.parametrize("name, length, options", [
    ("bert-tiny-w1a4", 16, []),
    ("bert-tiny-w1a4", 8, ["paper"]),
    ("bert-test-w2a3", 7, []),
    ("minilm-layer-w8a8", 8, []),
    ("minilm-layer-w8a8-opset14", 8, []),
])
def test_every_wire_is_the_interpreters(model_path, name, length, options):
    _replay(model_path(name), length, options)


def test_every_wire_of_normalizations_between_quantizers_is():
    _replay(_SUITE / "bert-relu.torchscript14.ort-static-uint8.onnx", 8, [])


def _replay(model, length, options):
    done = subprocess.run([private_run.BIN / "replay-model", model, str(length), *options],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wires equal") == 2
