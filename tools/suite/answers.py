# SPDX-License-Identifier: Apache-2.0
"""What ONNX Runtime answers on a file, how far answers agree, and the file's own noise."""

import dataclasses

import numpy as np
import onnx
from onnx import helper, numpy_helper

from tools.models import session as sessions

NOISE, SEEDS = 0.002, (1, 2, 3, 4, 5)
LEAST = 0.99  # cosine of a stable file under noise, and of a right answer

# What a constant table may be read through: DequantizeLinear, or a Quant spelt out.
_SPELT_QUANTIZER = ("DequantizeLinear", "Div", "Add", "Clip", "Round", "Sub", "Mul")
_INTEGERS = (onnx.TensorProto.INT8, onnx.TensorProto.UINT8)


@dataclasses.dataclass(frozen=True)
class Agreement:
    """Of two answers to one input: cosine of all their numbers, and whether labels are the same."""

    cosine: float
    label: bool

    @property
    def good(self):
        return self.label and self.cosine >= LEAST


def _cosine(a, b):
    product = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / product) if product else float(np.array_equal(a, b))


def _labels(name, values):
    """Classes of logits [1, C] or [1, S, C], positions of answers [1, S], or nothing."""
    return values.argmax(-1) if "logits" in name else np.zeros(0)


def agreement(ours, theirs):
    """Of answers {name: array}; tokens beyond the shorter of the two are padding."""
    rows, same = [], True
    for name, expected in theirs.items():
        found = np.asarray(ours[name], np.float64)
        if expected.ndim > 1 and found.shape != expected.shape:
            count = min(found.shape[1], expected.shape[1])
            found, expected = found[:, :count], expected[:, :count]
        rows.append((found.ravel(), np.asarray(expected, np.float64).ravel()))
        same &= np.array_equal(_labels(name, found), _labels(name, expected))
    return Agreement(_cosine(*map(np.concatenate, zip(*rows, strict=True))), bool(same))


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


def _rounded(graph, node, bits):
    """The nodes of standard ONNX that a Quant of QONNX stands for, bits and zero point constant."""
    flags = {a.name: a.i for a in node.attribute}
    signed, narrow = flags.get("signed", 1), flags.get("narrow", 0)
    low = -(2 ** (bits - 1)) + narrow if signed else 0
    high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1 - narrow
    value, scale, zero = node.input[:3]
    made = [f"{node.output[0]}.{step}" for step in ("scaled", "moved", "bounded", "round", "back")]
    bounds = [f"{node.output[0]}.{end}" for end in ("low", "high")]
    for name, bound in zip(bounds, (low, high), strict=True):
        graph.initializer.append(numpy_helper.from_array(np.float32(bound), name))
    return [helper.make_node("Div", [value, scale], [made[0]]),
            helper.make_node("Add", [made[0], zero], [made[1]]),
            helper.make_node("Clip", [made[1], *bounds], [made[2]]),
            helper.make_node("Round", [made[2]], [made[3]]),
            helper.make_node("Sub", [made[3], zero], [made[4]]),
            helper.make_node("Mul", [made[4], scale], [node.output[0]])]


def runnable(model):
    """A copy that ONNX Runtime runs: Quant of QONNX spelt out by its definition."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    widths = {i.name: numpy_helper.to_array(i) for i in copy.graph.initializer}
    for node in copy.graph.node:
        for attribute in node.attribute:
            if node.op_type == "Constant" and attribute.name == "value":
                widths[node.output[0]] = numpy_helper.to_array(attribute.t)
    nodes = []
    for node in copy.graph.node:
        quant = node.op_type == "Quant"
        nodes += _rounded(copy.graph, node, int(widths[node.input[3]])) if quant else [node]
    del copy.graph.node[:]
    copy.graph.node.extend(nodes)
    return copy


def with_noise(model, seed):
    """A copy whose word embeddings are multiplied, element by element, by 1 + NOISE z."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
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
    del copy.graph.node[:]
    copy.graph.node.extend(nodes[: at + 1] + added + nodes[at + 1 :])
    return copy


def run(session, feeds):
    """One answer {name: float64 array}."""
    return {k: np.asarray(v, np.float64) for k, v in sessions.run(session, feeds).items()}


def noise(model, all_feeds):
    """The file's noise on each input: Agreement with itself, the median over SEEDS."""
    plain = sessions.open_session(model)
    expected = [run(plain, feeds) for feeds in all_feeds]
    noisy = [sessions.open_session(with_noise(model, seed)) for seed in SEEDS]
    found = []
    for feeds, right in zip(all_feeds, expected, strict=True):
        seen = [agreement(run(session, feeds), right) for session in noisy]
        found.append(Agreement(float(np.median([s.cosine for s in seen])),
                               sum(s.label for s in seen) > len(seen) / 2))
    return found
