# SPDX-License-Identifier: Apache-2.0
"""Operators on integers mean to mpcc what they mean to ONNX Runtime."""

import subprocess

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from tools.lib import private_run
from tools.models import session
from tools.suite import graphs

_RNG = np.random.default_rng(5)
_X = _RNG.normal(size=(2, 4)).astype(np.float32)
_W = _RNG.integers(-20, 21, (4, 3)).astype(np.int8)


class _Graph:
    """x -> QuantizeLinear -> nodes -> DequantizeLinear -> y."""

    def __init__(self, dynamic=False):
        self.nodes, self.constants = [], []
        self.x = [self.add("scale", np.float32(0.02)), self.add("zero", np.uint8(117))]
        if not dynamic:
            self.node("QuantizeLinear", ["x", *self.x], ["q"], domain="")

    def add(self, name, value):
        self.constants.append(onnx.numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op, inputs, outputs, domain="com.microsoft", **attributes):
        name = op if all(n.name != op for n in self.nodes) else f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, outputs, name, domain=domain, **attributes))

    def save(self, path):
        tensors = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s)
                   for n, s in (("x", list(_X.shape)), ("y", None))]
        graph = helper.make_graph(self.nodes, "g", tensors[:1], tensors[1:], self.constants)
        model = helper.make_model(graph, ir_version=8, opset_imports=[
            helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
        onnx.save(model, path)
        return str(path)


def _agree(path, tolerance=1e-6):
    expected = session.run(session.open_session(path), {"x": _X})["y"]
    values = ",".join(map(str, _X.ravel()))
    out = subprocess.run([private_run.BIN / "mpcc", "interpret", path, "--as-imported",
                          "--input", f"x={values}"], capture_output=True, text=True, check=True)
    ours = np.array(out.stdout.split(": ")[1].split(), np.float32).reshape(expected.shape)
    np.testing.assert_allclose(ours, expected, atol=tolerance)
    assert np.ptp(expected) > 0


def _quantized(graph, op, inputs, scale=0.03, zero=101, domain="com.microsoft", **attributes):
    """The node with its result's parameters at the end, and y."""
    result = [graph.add("y_scale", np.float32(scale)), graph.add("y_zero", np.uint8(zero))]
    graph.node(op, [*inputs, *result], ["r"], domain, **attributes)
    graph.node("DequantizeLinear", ["r", *result], ["y"], domain="")


@pytest.mark.parametrize("per_column", [False, True])
def test_qlinear_matmul(tmp_path, per_column):
    g = _Graph()
    scale = [0.01, 0.02, 0.03] if per_column else 0.02
    weight = [g.add("w", _W), g.add("w_scale", np.float32(scale)),
              g.add("w_zero", np.int8([0, 0, 0] if per_column else 0))]
    _quantized(g, "QLinearMatMul", ["q", *g.x, *weight], domain="")
    _agree(g.save(tmp_path / "m.onnx"))


@pytest.mark.parametrize("alpha,transposed,real",
                         [(1.0, 0, False), (0.5, 1, False), (1.0, 1, True)])
def test_qgemm(tmp_path, alpha, transposed, real):
    g = _Graph()
    w = _W.T.copy() if transposed else _W
    inputs = ["q", *g.x, g.add("w", w.astype(np.uint8) + np.uint8(128)),
              g.add("w_scale", np.float32(0.02)), g.add("w_zero", np.uint8(128)),
              g.add("bias", np.int32([100, -2000, 700]))]
    if real:
        g.node("QGemm", inputs, ["y"], alpha=alpha, transB=transposed)
    else:
        _quantized(g, "QGemm", inputs, alpha=alpha, transB=transposed)
    _agree(g.save(tmp_path / "m.onnx"))


@pytest.mark.parametrize("op", ["QLinearAdd", "QLinearMul"])
def test_binary(tmp_path, op):
    g = _Graph()
    row = [g.add("row", np.uint8([3, 90, 200, 255])), g.add("row_scale", np.float32(0.01)),
           g.add("row_zero", np.uint8(60))]
    _quantized(g, op, ["q", *g.x, *row])
    _agree(g.save(tmp_path / "m.onnx"))


@pytest.mark.parametrize("op,scale,zero,attributes", [
    ("QLinearSigmoid", 1 / 256, 0, {}), ("QLinearSoftmax", 1 / 256, 0, {"axis": -1, "opset": 13})])
def test_unary(tmp_path, op, scale, zero, attributes):
    g = _Graph()
    _quantized(g, op, ["q", *g.x], scale, zero, **attributes)
    # ONNX Runtime computes these with tables of its own: a step of the result is allowed.
    _agree(g.save(tmp_path / "m.onnx"), scale * 1.001)


def test_concat(tmp_path):
    g = _Graph()
    other = [g.add("o", np.uint8([[1, 2], [250, 90]])), g.add("o_scale", np.float32(0.05)),
             g.add("o_zero", np.uint8(7))]
    result = [g.add("y_scale", np.float32(0.03)), g.add("y_zero", np.uint8(80))]
    g.node("QLinearConcat", [*result, "q", *g.x, *other], ["r"], axis=1)
    g.node("DequantizeLinear", ["r", *result], ["y"], domain="")
    _agree(g.save(tmp_path / "m.onnx"))


@pytest.mark.parametrize("kind", ["int8", "uint8"])
def test_static_matmul_integer_with_scales_in_any_order(tmp_path, kind):
    g = _Graph()
    w = [g.add("w", _W if kind == "int8" else (_W + np.int16(90)).astype(np.uint8)),
         g.add("w_zero", np.array(0 if kind == "int8" else 95, kind))]
    g.node("MatMulInteger", ["q", w[0], g.x[1], w[1]], ["i"], domain="")
    g.node("Cast", ["i"], ["f"], domain="", to=TensorProto.FLOAT)
    g.node("Mul", [g.add("w_scale", np.float32([0.5, 0.25, 1])), "f"], ["s"], domain="")
    g.node("Mul", ["s", g.x[0]], ["y"], domain="")
    _agree(g.save(tmp_path / "m.onnx"), 1e-5)


def test_matmul_integer_to_float(tmp_path):
    g = _Graph()
    inputs = ["q", g.add("w", _W), g.x[0], g.add("w_scale", np.float32([0.5, 0.25, 1])), g.x[1],
              g.add("w_zero", np.int8([0, 3, -4])), g.add("bias", np.float32([1, 2, 3]))]
    g.node("MatMulIntegerToFloat", inputs, ["y"])
    _agree(g.save(tmp_path / "m.onnx"), 1e-5)


def test_rows_of_an_integer_table(tmp_path):
    g = _Graph(dynamic=True)
    table = [g.add("table", _RNG.integers(0, 256, (6, 4)).astype(np.uint8)),
             g.add("t_scale", np.float32(0.1)), g.add("t_zero", np.uint8(99))]
    g.node("Cast", ["x"], ["signs"], domain="", to=TensorProto.BOOL)
    g.node("Cast", ["signs"], ["ids"], domain="", to=TensorProto.INT64)
    g.node("Gather", [table[0], "ids"], ["rows"], domain="")
    g.node("Unsqueeze", ["rows", g.add("axes", np.int64([0]))], ["wide"], domain="")
    g.node("DequantizeLinear", ["wide", *table[1:]], ["y"], domain="")
    _agree(g.save(tmp_path / "m.onnx"))


def test_what_cannot_be_rewritten_is_refused_with_the_node(tmp_path):
    g = _Graph(dynamic=True)
    g.node("QLinearMatMul", ["q", "x", g.x[1], g.add("w", _W), g.x[0], g.x[1], *g.x], ["r"], "")
    g.node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"], "")
    g.node("DequantizeLinear", ["r", *g.x], ["y"], "")
    path = tmp_path / "m.onnx"
    g.save(path)
    out = subprocess.run([private_run.BIN / "mpcc", "check", path], capture_output=True, text=True,
                         check=False)
    assert out.returncode == 1
    assert "'QLinearMatMul' (QLinearMatMul): found input 0 with a scale that is no constant" \
        in out.stderr


def _int8_softmax(scores):
    """Integers of QLinearSoftmax as a model, x: float [1, N] in steps of 1/4, result in 1/256."""
    scale = [onnx.numpy_helper.from_array(np.float32(s), n)
             for s, n in ((1 / 4, "xs"), (1 / 256, "ys"))]
    zero = [onnx.numpy_helper.from_array(np.int8(z), n) for z, n in ((0, "xz"), (-128, "yz"))]
    nodes = [helper.make_node("QuantizeLinear", ["x", "xs", "xz"], ["q"]),
             helper.make_node("QLinearSoftmax", ["q", "xs", "xz", "ys", "yz"], ["y"],
                              domain="com.microsoft", axis=-1, opset=13)]
    tensors = [helper.make_tensor_value_info("x", TensorProto.FLOAT, scores.shape),
               helper.make_tensor_value_info("y", TensorProto.INT8, scores.shape)]
    return helper.make_model(
        helper.make_graph(nodes, "g", tensors[:1], tensors[1:], scale + zero), ir_version=9,
        opset_imports=[helper.make_opsetid("", 19), helper.make_opsetid("com.microsoft", 1)])


def test_the_runtimes_int8_softmax_takes_one_for_zero():
    """Why the suite spells it out: when this fails, docs/onnx.md and tools.suite.graphs may go."""
    scores = np.float32([[20, 0, 0], [1, 0, 0]])
    model = _int8_softmax(scores)
    spelt = graphs.runnable(model)
    by_onnx = ReferenceEvaluator(spelt).run(None, {"x": scores})[0]
    assert by_onnx[0].tolist() == [127, -128, -128]
    run = session.open_session
    np.testing.assert_array_equal(session.run(run(spelt), {"x": scores})["y"], by_onnx)
    wrapped = session.run(run(model), {"x": scores})["y"]
    assert wrapped[0].tolist() == [-128, -128, -128]
    np.testing.assert_array_equal(wrapped[1], by_onnx[1])
