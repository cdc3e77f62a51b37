# SPDX-License-Identifier: Apache-2.0
"""Builds an ONNX graph and runs it at the same time on calibration inputs.

Every tensor is a `Tensor`: its name in the file and its value for the calibration batch. So a
quantization scale is chosen where it is needed, from what really arrives there.
"""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tools.models import scales

OPSET = 21
IR_VERSION = 10


def _erf(x):
    """Abramowitz and Stegun 7.1.26, error below 2e-7: enough to choose scales by."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = (((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
    return np.sign(x) * (1 - (series + 0.254829592) * t * np.exp(-x * x))


@dataclasses.dataclass
class Tensor:
    name: str
    value: Any  # an array; None if nothing computes with it


class GraphBuilder:
    """Nodes and initializers in order. `scope` prefixes the names of what is added."""

    def __init__(self):
        self.nodes, self.initializers, self.inputs = [], [], []
        self.scope = ""

    def input(self, name: str, value: np.ndarray, dims: Sequence[str | int]) -> Tensor:
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.INT64, dims))
        return Tensor(name, value)

    def constant(self, name: str, value: np.ndarray | np.generic) -> Tensor:
        value = np.asarray(value)
        tensor = Tensor(self._named(name), value)
        self.initializers.append(numpy_helper.from_array(value, tensor.name))
        return tensor

    def constant_of_type(self, name, data_type, dims, values):
        """An initializer of a type that numpy lacks, such as int4."""
        tensor = Tensor(self._named(name), None)
        self.initializers.append(helper.make_tensor(tensor.name, data_type, dims, values))
        return tensor

    def packed(self, name: str, integers: np.ndarray) -> Tensor:
        """An int4 initializer as raw bytes, two elements each: typed fields take half more."""
        nibbles = integers.astype(np.uint8).ravel() & 15
        low, high = nibbles[::2], np.zeros((nibbles.size + 1) // 2, np.uint8)
        high[: nibbles.size // 2] = nibbles[1::2]
        tensor = Tensor(self._named(name), None)
        self.initializers.append(helper.make_tensor(
            tensor.name, TensorProto.INT4, integers.shape, (low | high << 4).tobytes(), raw=True))
        return tensor

    def node(self, op: str, name: str, operands: Sequence[Tensor],
             value: np.ndarray | np.generic | None, **attributes: Any) -> Tensor:
        """Adds a node; `value` is its result on the calibration batch."""
        name = self._named(name)
        output = Tensor(name + "_output", value)
        self.nodes.append(helper.make_node(
            op, [t.name for t in operands], [output.name], name, **attributes))
        return output

    def model(self, output: Tensor, name: str, dims: Sequence[str | int]) -> onnx.ModelProto:
        """The finished model, whose only output is `output` under the name `name`."""
        self.nodes[-1].output[0] = name
        assert self.nodes[-1].name + "_output" == output.name
        info = helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
        graph = helper.make_graph(self.nodes, "mpcc", self.inputs, [info], self.initializers)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
            producer_name="mpcc-models")

    def _named(self, name):
        return f"{self.scope}/{name}" if self.scope else name

    # Float operators -----------------------------------------------------------------------

    def add(self, name: str, a: Tensor, b: Tensor) -> Tensor:
        return self.node("Add", name, [a, b], a.value + b.value)

    def mul(self, name: str, a: Tensor, b: Tensor) -> Tensor:
        return self.node("Mul", name, [a, b], a.value * b.value)

    def matmul(self, name: str, a: Tensor, b: Tensor) -> Tensor:
        return self.node("MatMul", name, [a, b], np.matmul(a.value, b.value))

    def gather(self, name: str, table: Tensor, indices: Tensor, axis: int = 0) -> Tensor:
        return self.node("Gather", name, [table, indices],
                         np.take(table.value, indices.value, axis=axis), axis=axis)

    def gemm(self, name: str, a: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """weight is [outputs, inputs], as PyTorch's exporter leaves it."""
        return self.node("Gemm", name, [a, weight, bias],
                         a.value @ weight.value.T + bias.value, transB=1)

    def softmax(self, name: str, a: Tensor) -> Tensor:
        e = np.exp(a.value - a.value.max(-1, keepdims=True))
        return self.node("Softmax", name, [a], e / e.sum(-1, keepdims=True), axis=-1)

    def layer_norm(self, name: str, a: Tensor, gamma: Tensor, beta: Tensor,
                   epsilon: float = 1e-12) -> Tensor:
        centred = a.value - a.value.mean(-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
        return self.node("LayerNormalization", name, [a, gamma, beta],
                         centred / deviation * gamma.value + beta.value, axis=-1, epsilon=epsilon)

    def gelu(self, name: str, a: Tensor) -> Tensor:
        return self.node("Gelu", name, [a], a.value * 0.5 * (1 + _erf(a.value / math.sqrt(2))))

    def relu(self, name: str, a: Tensor) -> Tensor:
        return self.node("Relu", name, [a], np.maximum(a.value, 0))

    def tanh(self, name: str, a: Tensor) -> Tensor:
        return self.node("Tanh", name, [a], np.tanh(a.value))

    def reshape(self, name: str, a: Tensor, shape: Sequence[int]) -> Tensor:
        target = self.constant(name + "/shape", np.array(shape, np.int64))
        dims = [a.value.shape[i] if d == 0 else d for i, d in enumerate(shape)]
        return self.node("Reshape", name, [a, target], a.value.reshape(dims))

    def transpose(self, name: str, a: Tensor, perm: Sequence[int]) -> Tensor:
        return self.node("Transpose", name, [a], a.value.transpose(perm), perm=perm)

    # Quantization --------------------------------------------------------------------------

    def fake_quantize(self, name: str, a: Tensor, bits: int, unsigned: bool = False,
                      scale: float | np.ndarray | None = None) -> Tensor:
        """QuantizeLinear and DequantizeLinear to `bits` bits, zero point 0.

        4 and 8 bits use their ONNX types; other widths a Clip between, on an 8-bit type.
        """
        high = 2**bits - 1 if unsigned else 2 ** (bits - 1) - 1
        low = 0 if unsigned else -high - 1
        if scale is None:
            scale = scales.symmetric_scale(a.value, high)
        kind = _container(bits, unsigned)
        s = self.constant(name + "/scale", np.float32(scale))
        zero = self.constant_of_type(name + "/zero_point", kind, [], [0])
        integers = np.clip(np.rint(a.value / np.float32(scale)), low, high)
        q = self.node("QuantizeLinear", name + "/QuantizeLinear", [a, s, zero], integers)
        if bits not in (4, 8):
            bounds = [self.constant_of_type(f"{name}/{n}", kind, [], [v])
                      for n, v in (("low", low), ("high", high))]
            q = self.node("Clip", name + "/Clip", [q, *bounds], integers)
        return self.node("DequantizeLinear", name + "/DequantizeLinear", [q, s, zero],
                         (integers * np.float32(scale)).astype(np.float32))

    def dequantized(self, name: str, integers: np.ndarray, scale: np.ndarray | float, bits: int,
                    axis: int) -> Tensor:
        """An int8 or int4 initializer and its DequantizeLinear, one scale or one along `axis`."""
        if bits == 4:
            q = self.packed(name, integers)
        else:
            q = self.constant(name, integers.astype(np.int8))
        s = self.constant(name + "/scale", np.asarray(scale, np.float32))
        along = {"axis": axis} if s.value.ndim else {}
        spread = np.expand_dims(s.value, 1 - axis) if s.value.ndim else s.value
        return self.node("DequantizeLinear", name + "/DequantizeLinear", [q, s],
                         integers.astype(np.float32) * spread, **along)


def _container(bits, unsigned):
    if bits == 4:
        return TensorProto.UINT4 if unsigned else TensorProto.INT4
    return TensorProto.UINT8 if unsigned else TensorProto.INT8
