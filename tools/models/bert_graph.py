# SPDX-License-Identifier: Apache-2.0
"""The canonical quantized form of a BERT encoder, as an ONNX graph.

Per linear layer: QuantizeLinear, DequantizeLinear, MatMul with dequantized integer weights, Add.
LayerNorm, softmax, GELU, pooling and head stay float. Where numbers come from is the caller's
affair: random ones (random_bert.py) and trained ones (tools/quantize/export.py) share the form.
"""

import dataclasses
import math
import typing
from collections.abc import Mapping

import numpy as np
import onnx

from tools.models import texts
from tools.models.graph_builder import GraphBuilder

_NO_ATTENTION = np.float32(-3.4028235e38)


@dataclasses.dataclass(frozen=True)
class Form:
    """What the graph looks like. `labels` of 0 means mean pooling and L2 norm.

    `dense` puts a linear layer between these two.
    """

    bits: tuple  # of activations, by layer
    hidden: int
    heads: int
    intermediate: int
    positions: int
    labels: int
    function: str  # gelu or relu
    epsilon: float = 1e-12
    dense: bool = False


class Parameters(typing.Protocol):
    """The numbers of a model, asked for by name in the order of the graph."""

    def table(self, name: str, rows: np.ndarray | None) -> typing.Any:
        """float32 [rows, hidden], or (integers, scale of each row, bits); rows None: all."""

    def weight(self, name: str, inputs: int, outputs: int,
               gain: float) -> tuple[np.ndarray, np.ndarray, int]:
        """(integers [inputs, outputs], float32 scale or scales [outputs], bits)."""

    def bias(self, name: str, outputs: int) -> np.ndarray:
        """float32 [outputs]."""

    def norm(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """(gamma, beta), float32 [hidden]."""

    def move(self, name: str, width: int) -> np.ndarray | None:
        """A shift before a quantizer, float32 [width], or None."""

    def step(self, name: str) -> float | None:
        """The scale of a quantizer, or None for the best on the batch."""

    def dense(self, name: str, outputs: int, inputs: int) -> np.ndarray:
        """A float layer of the head: float32 [outputs, inputs]."""


class BertGraph:
    """Writes the graph and runs it on one batch at the same time."""

    def __init__(self, form: Form, parameters: Parameters):
        self.form, self.parameters = form, parameters
        self.g = GraphBuilder()

    def build(self, batch: Mapping[str, np.ndarray]) -> onnx.ModelProto:
        """The ModelProto. `batch`: ids, mask and types by name, int64 [batch, sequence]."""
        dims = ["batch", "sequence"]
        ids, mask, types = (self.g.input(n, batch[n], dims) for n in texts.INPUTS)
        penalty = self._mask_penalty(mask)
        x = self._embed(ids, types)
        for layer, bits in enumerate(self.form.bits):
            self.bits = bits
            x = self._layer(f"encoder/layer.{layer}", x, penalty)
        if self.form.labels:
            return self.g.model(self._classify(x), "logits", ["batch", self.form.labels])
        mean = self._pool(x, mask)
        if self.form.dense:
            self.g.scope = "dense"
            mean = self._gemm(mean, self.form.hidden)
        return self.g.model(self._normalize(mean), "sentence_embedding",
                            ["batch", self.form.hidden])

    # Input side ----------------------------------------------------------------------------

    def _mask_penalty(self, mask):
        g = self.g
        g.scope = "mask"
        axes = g.constant("axes", np.array([1, 2], np.int64))
        wide = g.node("Unsqueeze", "Unsqueeze", [mask, axes], mask.value[:, None, None, :])
        real = g.node("Cast", "Cast", [wide], wide.value.astype(np.float32), to=1)
        absent = g.node("Sub", "Sub", [g.constant("one", np.float32(1)), real], 1 - real.value)
        return g.mul("Mul", absent, g.constant("lowest", _NO_ATTENTION))

    def _positions(self, ids):
        g = self.g
        ends = g.node("Shape", "Shape", [ids], np.array(ids.value.shape[1:]), start=1, end=2)
        zero = g.constant("zero", np.array([0], np.int64))
        every = g.constant("position_ids", np.arange(self.form.positions, dtype=np.int64))
        return g.node("Slice", "Slice", [every, zero, ends, zero], every.value[: ends.value[0]])

    def _table(self, name, rows=None):
        found = self.parameters.table(name, rows)
        if isinstance(found, tuple):
            integers, scale, bits = found
            return self.g.dequantized(name + "/weight", integers, scale, bits, axis=0)
        return self.g.constant(name + "/weight", found)

    def _embed(self, ids, types):
        g = self.g
        g.scope = "embeddings"
        word = g.gather("word/Gather", self._table("word"), ids)
        kind = g.gather("token_type/Gather", self._table("token_type", 2), types)
        place = g.gather("position/Gather", self._table("position", self.form.positions),
                         self._positions(ids))
        return self._layer_norm("LayerNorm", g.add("Add_1", g.add("Add", word, kind), place))

    # Layers --------------------------------------------------------------------------------

    def _layer(self, scope, x, penalty):
        g, form = self.g, self.form
        g.scope = scope
        context = self._attention(x, penalty)
        y = self._linear("attention/output", self._quantized("attention/output", context),
                         form.hidden)
        y = self._layer_norm("attention/LayerNorm", g.add("attention/residual", y, x))
        up = self._linear("intermediate", self._quantized("intermediate", y), form.intermediate)
        down = self._linear("output", self._quantized_activation(up), form.hidden)
        return self._layer_norm("LayerNorm", g.add("residual", down, y))

    def _attention(self, x, penalty):
        g, form, bits = self.g, self.form, self.bits
        x = self._quantized("attention/input", x)
        q = self._head_split("attention/query", x, (0, 2, 1, 3), gain=2)
        k = self._head_split("attention/key", x, (0, 2, 3, 1), gain=2)
        v = self._head_split("attention/value", x, (0, 2, 1, 3))
        scale = g.constant("attention/scale", np.float32(1 / math.sqrt(form.hidden // form.heads)))
        scores = g.mul("attention/scaled", g.matmul("attention/scores", q, k), scale)
        p = g.softmax("attention/Softmax", g.add("attention/masked", scores, penalty))
        p = g.fake_quantize("attention/probabilities", p, bits, True, scale=1 / (2**bits - 1))
        merged = g.transpose("attention/Transpose", g.matmul("attention/context", p, v),
                             [0, 2, 1, 3])
        return g.reshape("attention/Reshape", merged, [0, 0, form.hidden])

    def _head_split(self, name, x, perm, gain=1.0):
        g, form = self.g, self.form
        y = self._linear(name, x, form.hidden, gain)
        y = g.reshape(name + "/Reshape", y, [0, 0, form.heads, form.hidden // form.heads])
        y = g.transpose(name + "/Transpose", y, list(perm))
        return self._fake_quantize(name + "/quant", y)

    def _quantized_activation(self, x):
        relu = self.form.function == "relu"
        y = self.g.relu("Relu", x) if relu else self.g.gelu("Gelu", x)
        return self._fake_quantize("activation/quant", y, relu)

    def _quantized(self, name, x):
        shift = self.parameters.move(f"{self.g.scope}/{name}", x.value.shape[-1])
        if shift is not None:
            x = self.g.add(name + "/Move", x, self.g.constant(name + "/move", shift))
        return self._fake_quantize(name + "/quant", x)

    def _fake_quantize(self, name, x, unsigned=False):
        step = self.parameters.step(f"{self.g.scope}/{name}")
        return self.g.fake_quantize(name, x, self.bits, unsigned, scale=step)

    def _linear(self, name, x, outputs, gain=1.0):
        full = f"{self.g.scope}/{name}"
        integers, scale, bits = self.parameters.weight(full, x.value.shape[-1], outputs, gain)
        weight = self.g.dequantized(name + "/weight", integers, scale, bits, axis=1)
        product = self.g.matmul(name + "/MatMul", x, weight)
        bias = self.g.constant(name + "/bias", self.parameters.bias(full, outputs))
        return self.g.add(name + "/Add", product, bias)

    def _layer_norm(self, name, x):
        gamma, beta = self.parameters.norm(f"{self.g.scope}/{name}")
        return self.g.layer_norm(name, x, self.g.constant(name + "/gamma", gamma),
                                 self.g.constant(name + "/beta", beta), self.form.epsilon)

    # Output side ---------------------------------------------------------------------------

    def _classify(self, x):
        g = self.g
        g.scope = "pooler"
        first = g.gather("Gather", x, g.constant("first", np.int64(0)), axis=1)
        pooled = g.tanh("Tanh", self._gemm(first, self.form.hidden))
        g.scope = "classifier"
        return self._gemm(pooled, self.form.labels)

    def _gemm(self, x, outputs):
        weight = self.parameters.dense(self.g.scope, outputs, x.value.shape[-1])
        bias = self.parameters.bias(self.g.scope, outputs)
        return self.g.gemm("Gemm", x, self.g.constant("weight", weight),
                           self.g.constant("bias", bias))

    def _pool(self, x, mask):
        """The mean over the tokens that the mask leaves."""
        g = self.g
        g.scope = "pooling"
        last = g.constant("last", np.array([-1], np.int64))
        wide = g.node("Unsqueeze", "Unsqueeze", [mask, last], mask.value[..., None])
        weight = g.node("Cast", "Cast", [wide], wide.value.astype(np.float32), to=1)
        tokens = g.constant("tokens", np.array([1], np.int64))

        def total(name, y):
            return g.node("ReduceSum", name, [y, tokens], y.value.sum(1), keepdims=0)

        count = total("count", weight)
        least = g.constant("least", np.float32(1e-9))
        count = g.node("Max", "Max", [count, least], np.maximum(count.value, least.value))
        summed = total("sum", g.mul("Mul", x, weight))
        return g.node("Div", "Div", [summed, count], summed.value / count.value)

    def _normalize(self, x):
        """x at unit length."""
        g = self.g
        g.scope = "pooling"
        norm = np.sqrt((x.value**2).sum(1, keepdims=True))
        length = g.node("ReduceL2", "ReduceL2", [x, g.constant("axis", np.array([1], np.int64))],
                        norm, keepdims=1)
        return g.node("Div", "normalize", [x, length], x.value / norm)
