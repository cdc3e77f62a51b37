# SPDX-License-Identifier: Apache-2.0
"""Replay equality on whole models: every wire of the private run is the interpreter's."""

import subprocess

import pytest

from tools.lib import private_run


@pytest.mark.parametrize("name, length, options", [
    ("bert-tiny-w1a4", 16, []),
    ("bert-tiny-w1a4", 8, ["paper"]),
    ("bert-test-w2a3", 7, []),
    ("minilm-layer-w8a8", 8, []),
    ("minilm-layer-w8a8-opset14", 8, []),
])
def test_every_wire_is_the_interpreters(model_path, name, length, options):
    done = subprocess.run(
        [private_run.BIN / "replay-model", model_path(name), str(length), *options],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wires equal") == 2
