# SPDX-License-Identifier: Apache-2.0
"""Small quantized graphs as exporters and quantizers write them, and their private answers."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tools.lib import private_run
from tools.models import session as sessions

VOCABULARY, WIDTH, TOKENS = 100, 16, 8
_ZERO = np.int8(0)


class Graph:
    """Nodes in order. Values are names of tensors; `seed` makes the parameters."""

    def __init__(self, seed=1, opset=17):
        self.random = np.random.default_rng(seed)
        self._opset, self._nodes, self._initializers, self._inputs = opset, [], [], []

    def input(self, name, dtype=TensorProto.INT64, shape=(1, TOKENS)):
        self._inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def constant(self, value):
        name = f"c{len(self._initializers)}"
        self._initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def op(self, kind, *inputs, **attributes):
        """A node; operands that are no names become constants of float32."""
        names = [x if isinstance(x, str) else self.constant(
            x if isinstance(x, np.ndarray) else np.float32(x)) for x in inputs]
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, names, [name], name, **attributes))
        return name

    def quantize(self, x, scale, zero=_ZERO, **attributes):
        return self.op("QuantizeLinear", x, scale, np.asarray(zero), **attributes)

    def dequantize(self, x, scale, zero=_ZERO, **attributes):
        return self.op("DequantizeLinear", x, scale, np.asarray(zero), **attributes)

    def qdq(self, x, scale, zero=_ZERO):
        return self.dequantize(self.quantize(x, scale, zero), scale, zero)

    def weight(self, rows, columns, scale=0.01):
        integers = self.random.integers(-127, 128, (rows, columns), np.int8)
        return self.dequantize(self.constant(integers), scale)

    def embedding(self, ids, scale=0.03):
        """Rows of a table, between a quantizer and its inverse."""
        table = self.random.normal(size=(VOCABULARY, WIDTH)).astype(np.float32)
        return self.qdq(self.op("Gather", table, ids), scale)

    def save(self, path, *outputs):
        infos = [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs]
        graph = helper.make_graph(self._nodes, "g", self._inputs, infos, self._initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self._opset)],
                                  ir_version=8)
        onnx.save(model, path)
        return path


def ids(seed=0, length=TOKENS):
    tokens = np.random.default_rng(seed).integers(3, VOCABULARY, length)
    return {"input_ids": [*map(int, tokens)] + [0] * (TOKENS - length)}


def private_answers(path, folder, inputs, *options):
    """First output of each input, flat; `options` go to the compiler."""
    private_run.compile_model(path, folder / "plans", TOKENS, *options)
    files = []
    for i, encoded in enumerate(inputs):
        files.append(folder / f"ids{i}.json")
        files[-1].write_text(json.dumps(encoded), encoding="utf-8")
    answers = private_run.run_parties(folder / "plans", files)
    return [np.asarray(next(iter(a["outputs"].values()))["values"], np.float64).ravel()
            for a in answers]


def expected_answers(path, inputs):
    """The same by ONNX Runtime."""
    opened = sessions.open_session(str(path))
    kinds = {i.name: np.float32 if "float" in i.type else np.int64 for i in opened.get_inputs()}
    return [np.asarray(opened.run(None, {n: np.array([v], kinds[n]) for n, v in x.items()})[0],
                       np.float64).ravel() for x in inputs]


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def least_cosine(path, folder, inputs, *options):
    pairs = zip(private_answers(path, folder, inputs, *options), expected_answers(path, inputs),
                strict=True)
    return min(cosine(a, b) for a, b in pairs)
