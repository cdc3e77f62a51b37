# SPDX-License-Identifier: Apache-2.0
"""Names in a model, of any letters and length, on a terminal."""

import subprocess

import onnx
import pytest
import qdq_graph

from tools.lib import private_run

_ESCAPE = "\x1b[2J\x1b]0;mine\x07\nerror: not mpcc's"


def _check(folder, name, *options):
    graph = qdq_graph.Graph()
    x = graph.op("Det", graph.input("x", onnx.TensorProto.FLOAT, shape=(2, 2)))
    model = onnx.load(graph.save(folder / "m.onnx", x))
    for node in model.graph.node:
        node.name = name
    onnx.save(model, folder / "m.onnx")
    done = subprocess.run([private_run.BIN / "mpcc", "check", folder / "m.onnx", *options],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Det" in done.stderr
    return done.stderr


@pytest.mark.parametrize("options", [(), ("--verbose",)])
def test_a_name_is_on_one_line_without_controls(tmp_path, options):
    said = _check(tmp_path, _ESCAPE, *options)
    assert r"'\x1b[2J\x1b]0;mine\x07\x0aerror: not mpcc's' (Det)" in said
    assert not set(said) & set("\x1b\x07")
    assert "\nerror: not mpcc's" not in said


@pytest.mark.parametrize("options", [(), ("--verbose",)])
def test_a_long_name_is_cut(tmp_path, options):
    said = _check(tmp_path, "ä" * 200_000, *options)
    assert f"'{'ä' * 100}...' (Det)" in said
    assert len(said) < 5000
