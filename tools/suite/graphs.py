# SPDX-License-Identifier: Apache-2.0
"""Copies of ONNX files: without operators that ONNX Runtime lacks or gets wrong, with noise."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

NOISE = 0.002
# What a constant table may be read through: DequantizeLinear, or a Quant spelt out.
_SPELT_QUANTIZER = ("DequantizeLinear", "Div", "Add", "Clip", "Round", "Sub", "Mul")
_INTEGERS = (onnx.TensorProto.INT8, onnx.TensorProto.UINT8)


def _copy(model):
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy


def _with_nodes(model, nodes):
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _constants(graph):
    """Arrays by the name of the initializer, or of the Constant's result."""
    found = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            found[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return found


def _spelt(graph, node, bits):
    """The nodes of standard ONNX that a Quant of QONNX stands for, bits and zero point constant."""
    flags = {a.name: a.i for a in node.attribute}
    signed, narrow = flags.get("signed", 1), flags.get("narrow", 0)
    low = -(2 ** (bits - 1)) + narrow if signed else 0
    high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1 - narrow
    value, scale, zero = node.input[:3]
    made = [f"{node.output[0]}.{step}" for step in ("scaled", "moved", "bounded", "round", "back")]
    bounds = [f"{node.output[0]}.{end}" for end in ("low", "high")]
    for name, bound in zip(bounds, (low, high), strict=True):
        graph.initializer.append(numpy_helper.from_array(np.asarray(bound, np.float32), name))
    return [helper.make_node("Div", [value, scale], [made[0]]),
            helper.make_node("Add", [made[0], zero], [made[1]]),
            helper.make_node("Clip", [made[1], *bounds], [made[2]]),
            helper.make_node("Round", [made[2]], [made[3]]),
            helper.make_node("Sub", [made[3], zero], [made[4]]),
            helper.make_node("Mul", [made[4], scale], [node.output[0]])]


def _spelt_softmax(node):
    """Softmax between DequantizeLinear and QuantizeLinear, for one on integers."""
    real, soft = (f"{node.output[0]}.{step}" for step in ("real", "softmax"))
    axis = next((a.i for a in node.attribute if a.name == "axis"), -1)
    return [helper.make_node("DequantizeLinear", node.input[:3], [real]),
            helper.make_node("Softmax", [real], [soft], axis=axis),
            helper.make_node("QuantizeLinear", [soft, *node.input[3:5]], [node.output[0]])]


def _wraps(node, constants):
    """QLinearSoftmax of int8, in which ONNX Runtime takes a probability of 1 for 0."""
    return node.op_type == "QLinearSoftmax" and constants[node.input[4]].dtype == np.int8


def runnable(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that ONNX Runtime runs as ONNX defines it.

    Quant of QONNX and QLinearSoftmax of int8 are spelt out by their definitions.
    """
    copy = _copy(model)
    constants = _constants(copy.graph)
    nodes: list[onnx.NodeProto] = []
    for node in copy.graph.node:
        if node.op_type == "Quant":
            nodes += _spelt(copy.graph, node, int(constants[node.input[3]]))
        elif _wraps(node, constants):
            nodes += _spelt_softmax(node)
        else:
            nodes.append(node)
    return _with_nodes(copy, nodes)


def with_inner_values(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose results are what the nodes give, by name."""
    copy = _copy(model)
    names = [name for node in copy.graph.node for name in node.output if name]
    del copy.graph.output[:]
    copy.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    return copy


class _Words:
    """Where a graph looks words up: the node, and what its table is read through.

    `found` is the tensor with the words' values. Where it holds integers and nothing dequantizes
    it alone (QOperator), `scale` has the names of its scale and zero point.
    """

    def __init__(self, graph):
        arrays = {i.name: i for i in graph.initializer}
        maker = {name: node for node in graph.node for name in node.output}
        ids = {i.name for i in graph.input}
        ids |= {n.output[0] for n in graph.node
                if n.op_type in ("Cast", "Identity") and n.input[0] in ids}

        def table(node):
            name = node.input[0]
            while name in maker and maker[name].op_type in _SPELT_QUANTIZER:
                name = maker[name].input[0]
            return arrays.get(name)

        # Types and positions are looked up by inputs too: the word table is the longest.
        lookups = [n for n in graph.node
                   if n.op_type == "Gather" and n.input[1] in ids and table(n) is not None]
        self.lookup = max(lookups, key=lambda node: table(node).dims[0])
        self.shape = tuple(table(self.lookup).dims)
        self.found, self.scale = self.lookup.output[0], ()
        if arrays.get(self.lookup.input[0], onnx.TensorProto()).data_type in _INTEGERS:
            self._dequantized(graph)

    def _dequantized(self, graph):
        for node in graph.node:
            if self.found not in node.input:
                continue
            at = list(node.input).index(self.found)
            if node.op_type == "DequantizeLinear":
                self.found = node.output[0]
            else:
                self.scale = tuple(node.input[at + 1 : at + 3])
            return


def with_noise(model: onnx.ModelProto, seed: int) -> onnx.ModelProto:
    """A copy whose word embeddings are multiplied, element by element, by 1 + NOISE z."""
    copy = _copy(model)
    words = _Words(copy.graph)
    table = 1 + NOISE * np.random.RandomState(seed).standard_normal(words.shape)
    copy.graph.initializer.append(numpy_helper.from_array(table.astype(np.float32), "noise.table"))
    added = [helper.make_node("Gather", ["noise.table", words.lookup.input[1]], ["noise.row"]),
             helper.make_node("Mul", [words.found, "noise.row"], ["noise.found"])]
    if words.scale:
        added[1].input[0], added[1].output[0] = "noise.real", "noise.product"
        added.insert(0, helper.make_node(
            "DequantizeLinear", [words.found, *words.scale], ["noise.real"]))
        added.append(helper.make_node(
            "QuantizeLinear", ["noise.product", *words.scale], ["noise.found"]))
    nodes = list(copy.graph.node)
    for node in nodes:
        node.input[:] = ["noise.found" if name == words.found else name for name in node.input]
    at = next(i for i, node in enumerate(nodes) if words.found in node.output)
    return _with_nodes(copy, nodes[: at + 1] + added + nodes[at + 1 :])


def with_rounding_noise(model: onnx.ModelProto, seed: int, share: float) -> onnx.ModelProto:
    """A copy with normal noise of `share` of a step before each quantizer of computed values."""
    copy = _copy(model)
    constants = _constants(copy.graph)
    nodes: list[onnx.NodeProto] = []
    for node in copy.graph.node:
        if node.op_type == "QuantizeLinear" and node.input[0] not in constants:
            noise, noisy = f"{node.output[0]}.noise", f"{node.output[0]}.noisy"
            step = float(np.max(constants[node.input[1]]))
            nodes.append(helper.make_node("RandomNormalLike", [node.input[0]], [noise],
                                          scale=share * step, seed=float(seed + len(nodes))))
            nodes.append(helper.make_node("Add", [node.input[0], noise], [noisy]))
            node.input[0] = noisy
        nodes.append(node)
    return _with_nodes(copy, nodes)
