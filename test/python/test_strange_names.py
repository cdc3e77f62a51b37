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


@pytest.mark.parametrize("what", ["input", "output"])
def test_inputs_and_outputs_have_names_that_can_be_shown(tmp_path, what):
    graph = qdq_graph.Graph()
    x = graph.op("Relu", graph.input("x", onnx.TensorProto.FLOAT, shape=(2, 2)))
    model = onnx.load(graph.save(tmp_path / "m.onnx", x))
    value = getattr(model.graph, what)[0]
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [_ESCAPE if name == value.name else name for name in names]
    value.name = _ESCAPE
    onnx.save(model, tmp_path / "m.onnx")
    done = subprocess.run([private_run.BIN / "mpcc", "check", tmp_path / "m.onnx"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"({what}): found a name with control characters" in done.stderr
    assert not set(done.stderr + done.stdout) & set("\x1b\x07")


@pytest.mark.parametrize("options", [(), ("--verbose",)])
def test_a_long_name_is_cut(tmp_path, options):
    said = _check(tmp_path, "ä" * 200_000, *options)
    assert f"'{'ä' * 100}...' (Det)" in said
    assert len(said) < 5000
