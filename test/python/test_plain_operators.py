# SPDX-License-Identifier: Apache-2.0
"""Operators on plaintext against the node cases of the onnx package, through importer and evaluator."""

import pathlib
import subprocess
import warnings

import numpy
import onnx
import pytest
from onnx.backend.test.case.node import collect_testcases

from tools.lib import private_run

# Operators, with the inputs that must be constants: shapes, axes, scales.
OPERATORS = {
    "Abs": [], "Add": [], "And": [], "Cast": [], "CastLike": [], "Ceil": [], "Celu": [], "Clip": [1, 2],
    "Concat": [], "ConstantOfShape": [0], "Cos": [], "CumSum": [1], "DequantizeLinear": [1, 2],
    "Div": [], "Elu": [], "Equal": [], "Erf": [], "Exp": [], "Expand": [1], "EyeLike": [], "Flatten": [],
    "Floor": [], "Gather": [], "GatherElements": [], "GatherND": [], "Gelu": [], "Greater": [],
    "GreaterOrEqual": [], "HardSigmoid": [], "HardSwish": [], "Identity": [], "IsInf": [], "IsNaN": [],
    "LeakyRelu": [], "Less": [], "LessOrEqual": [], "Log": [], "MatMul": [], "Max": [], "Mean": [], "Min": [],
    "Mod": [], "Mul": [], "Neg": [], "NonZero": [0], "Not": [], "OneHot": [1], "Or": [],
    "PRelu": [], "Pad": [1, 3], "Pow": [], "QuantizeLinear": [1, 2], "Range": [0, 1, 2], "Reciprocal": [],
    "ReduceL1": [1], "ReduceL2": [1], "ReduceMax": [1], "ReduceMean": [1], "ReduceMin": [1],
    "ReduceProd": [1], "ReduceSum": [1], "ReduceSumSquare": [1], "Relu": [], "Reshape": [1],
    "Round": [], "ScatterElements": [], "ScatterND": [], "Selu": [], "Shape": [], "Shrink": [], "Sigmoid": [], "Sign": [],
    "Sin": [], "Size": [], "Slice": [1, 2, 3, 4], "Softmax": [], "Softplus": [], "Softsign": [], "Split": [1],
    "Sqrt": [], "Squeeze": [1], "Sub": [], "Sum": [], "Tanh": [], "ThresholdedRelu": [], "Tile": [1], "Transpose": [],
    "Trilu": [1], "Unsqueeze": [1], "Where": [], "Xor": [],
}  # fmt: skip

TYPES = {numpy.dtype(t) for t in
         ("float32", "float64", "int64", "int32", "bool", "int8", "uint8")}  # fmt: skip

# What is not taken of these operators, by what the refusal says.
REFUSED = {
    "DequantizeLinear": "blocked quantization",
    "QuantizeLinear": "blocked quantization",
    "Range": "a range that is not of integer scalars",
    "Slice": "a result without elements",
}
# Operators that an old opset defines as the later ones do.
UNCHANGED = {"And", "Not", "Or", "Shrink", "Xor"}


def skipped(case):
    """Why a case is none of ours, or nothing."""
    node = case.model.graph.node[0]
    arrays = [a for values in case.data_sets[0] for a in values]
    if not all(isinstance(a, numpy.ndarray | numpy.generic) and a.dtype in TYPES for a in arrays):
        return "types that mpcc does not hold"
    if len(case.model.graph.node) != 1:
        return "an expanded function"
    if any(0 in a.shape for a in case.data_sets[0][0]):
        return "an input without elements"
    if case.model.opset_import[0].version < 11 and node.op_type not in UNCHANGED:
        return "an opset that mpcc does not read"
    return ""


@pytest.fixture(scope="module")
def cases():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return collect_testcases(None)


def with_constants(case, positions):
    """The case's model with some inputs as initializers, and the other inputs."""
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    node, graph = model.graph.node[0], model.graph
    model.opset_import[0].version = max(model.opset_import[0].version, 11)
    constant = {node.input[i] for i in positions if i < len(node.input)}
    inputs = dict(zip([i.name for i in graph.input], case.data_sets[0][0]))
    kept = [i for i in graph.input if i.name not in constant]
    del graph.input[:]
    graph.input.extend(kept)
    for name in sorted(constant & set(inputs)):
        graph.initializer.append(onnx.numpy_helper.from_array(numpy.asarray(inputs.pop(name)), name))
    return model, inputs


def interpret(model, inputs, folder):
    path = folder / "case.onnx"
    path.write_bytes(model.SerializeToString())
    command = [str(private_run.BIN / "mpcc"), "interpret", str(path), "--as-imported"]
    for name, value in inputs.items():
        values = ",".join(repr(float(v)) for v in value.ravel())
        command += ["--input", f"{name}={values}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def tensor_of(line):
    shape, values = line.rsplit("]: ", 1) if "]: " in line else (line.rstrip(": ")[:-1], "")
    shape = shape[shape.rindex("[") + 1 :]
    extents = [int(d) for d in shape.split(",") if d.strip()]
    return numpy.array([float(v) for v in values.split()]).reshape(extents)


@pytest.mark.parametrize("operator", OPERATORS)
def test_node_cases(operator, cases, tmp_path):
    ran = 0
    for case in cases:
        node = case.model.graph.node[0]
        if node.op_type != operator or node.domain or skipped(case):
            continue
        model, inputs = with_constants(case, OPERATORS[operator])
        done = interpret(model, inputs, pathlib.Path(tmp_path))
        if operator in REFUSED and REFUSED[operator] in done.stderr:
            continue
        assert done.returncode == 0, f"{case.name}: {done.stderr}"
        for line, wanted in zip(done.stdout.splitlines(), case.data_sets[0][1], strict=True):
            numpy.testing.assert_allclose(
                tensor_of(line), wanted, rtol=case.rtol, atol=case.atol, err_msg=case.name
            )
        ran += 1
    assert ran > 0
