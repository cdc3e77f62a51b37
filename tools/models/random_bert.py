# SPDX-License-Identifier: Apache-2.0
"""BERT sequence classifiers with reproducible random weights, in the canonical quantized form.

Per linear layer: QuantizeLinear, DequantizeLinear, MatMul with dequantized integer weights, Add.
Embeddings, LayerNorm, softmax, GELU, pooler and head stay float.
"""

import dataclasses
import math

import numpy as np

from tools.models import ranges, texts
from tools.models.graph_builder import GraphBuilder

_NO_ATTENTION = np.float32(-3.4028235e38)
_CALIBRATION_LENGTHS = (3, 7, 12, 16, 21, 24, 30, 32)


@dataclasses.dataclass(frozen=True)
class BertConfig:
    layers: int = 2
    hidden: int = 128
    heads: int = 2
    intermediate: int = 512
    vocab: int = 30522
    positions: int = 512
    labels: int = 2
    weights: int = 1  # bits
    activations: int = 4  # bits
    function: str = "gelu"  # or "relu"
    per_channel: bool = False
    move: bool = False  # a learnt shift before each quantization, as binarised BERTs have
    seed: int = 1

    def __post_init__(self):
        if not 1 <= self.weights <= 8 or not 2 <= self.activations <= 8:
            raise ValueError("weights take 1 to 8 bits and activations 2 to 8 bits, got "
                             f"{self.weights} and {self.activations}")
        if self.hidden % self.heads:
            raise ValueError(f"hidden size {self.hidden} is not a multiple of {self.heads} heads")
        if self.function not in ("gelu", "relu"):
            raise ValueError(f"function is gelu or relu, got {self.function}")


def make(config):
    """The ModelProto, with range metadata."""
    model = _Bert(config).build()
    ranges.store(model, ranges.measure(model, _range_feeds(config)))
    return model


def _random_batch(config, lengths, padded, seed):
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, config.vocab, (len(lengths), padded))
    mask = (np.arange(padded)[None, :] < np.array(lengths)[:, None]).astype(np.int64)
    return dict(zip(texts.INPUTS, (ids * mask, mask, np.zeros_like(ids))))


def _range_feeds(config):
    """Random token ids of several lengths, with and without padding."""
    for number, padded in enumerate(b for b in texts.BUCKETS if b <= config.positions):
        lengths = [padded, padded * 3 // 4, padded // 2 + 1, 3]
        yield _random_batch(config, lengths, padded, [config.seed, 2, number])


class _Bert:
    def __init__(self, config):
        self.config = config
        self.rng = np.random.default_rng([config.seed, 0])
        self.g = GraphBuilder()

    def build(self):
        lengths = [min(n, self.config.positions) for n in _CALIBRATION_LENGTHS]
        batch = _random_batch(self.config, lengths, max(lengths), [self.config.seed, 1])
        dims = ["batch", "sequence"]
        ids, mask, types = (self.g.input(n, batch[n], dims) for n in texts.INPUTS)
        penalty = self._mask_penalty(mask)
        x = self._embed(ids, types)
        for layer in range(self.config.layers):
            x = self._layer(f"encoder/layer.{layer}", x, penalty)
        return self.g.model(self._classify(x), "logits", ["batch", self.config.labels])

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
        every = g.constant("position_ids", np.arange(self.config.positions, dtype=np.int64))
        return g.node("Slice", "Slice", [every, zero, ends, zero], every.value[: ends.value[0]])

    def _embed(self, ids, types):
        g, c = self.g, self.config
        g.scope = "embeddings"

        def table(name, rows):
            return g.constant(name, self._normal((rows, c.hidden)))

        word = g.gather("word/Gather", table("word/weight", c.vocab), ids)
        kind = g.gather("token_type/Gather", table("token_type/weight", 2), types)
        place = g.gather("position/Gather", table("position/weight", c.positions),
                         self._positions(ids))
        return self._layer_norm("LayerNorm", g.add("Add_1", g.add("Add", word, kind), place))

    # Layers --------------------------------------------------------------------------------

    def _layer(self, scope, x, penalty):
        g, c = self.g, self.config
        g.scope = scope
        context = self._attention(x, penalty)
        y = self._linear("attention/output", self._quantized("attention/output", context), c.hidden)
        y = self._layer_norm("attention/LayerNorm", g.add("attention/residual", y, x))
        up = self._linear("intermediate", self._quantized("intermediate", y), c.intermediate)
        down = self._linear("output", self._quantized_activation(up), c.hidden)
        return self._layer_norm("LayerNorm", g.add("residual", down, y))

    def _attention(self, x, penalty):
        g, c = self.g, self.config
        x = self._quantized("attention/input", x)
        q = self._head_split("attention/query", x, (0, 2, 1, 3), gain=2)
        k = self._head_split("attention/key", x, (0, 2, 3, 1), gain=2)
        v = self._head_split("attention/value", x, (0, 2, 1, 3))
        scale = g.constant("attention/scale", np.float32(1 / math.sqrt(c.hidden // c.heads)))
        scores = g.mul("attention/scaled", g.matmul("attention/scores", q, k), scale)
        p = g.softmax("attention/Softmax", g.add("attention/masked", scores, penalty))
        bits = c.activations
        p = g.fake_quantize("attention/probabilities", p, bits, True, scale=1 / (2**bits - 1))
        merged = g.transpose("attention/Transpose", g.matmul("attention/context", p, v),
                             [0, 2, 1, 3])
        return g.reshape("attention/Reshape", merged, [0, 0, c.hidden])

    def _head_split(self, name, x, perm, gain=1.0):
        g, c = self.g, self.config
        y = self._linear(name, x, c.hidden, gain)
        y = g.reshape(name + "/Reshape", y, [0, 0, c.heads, c.hidden // c.heads])
        y = g.transpose(name + "/Transpose", y, list(perm))
        return g.fake_quantize(name + "/quant", y, c.activations)

    def _quantized_activation(self, x):
        relu = self.config.function == "relu"
        y = self.g.relu("Relu", x) if relu else self.g.gelu("Gelu", x)
        return self.g.fake_quantize("activation/quant", y, self.config.activations, relu)

    def _quantized(self, name, x):
        if self.config.move:
            shift = self.g.constant(name + "/move", self._normal(x.value.shape[-1], 0.05))
            x = self.g.add(name + "/Move", x, shift)
        return self.g.fake_quantize(name + "/quant", x, self.config.activations)

    def _linear(self, name, x, outputs, gain=1.0):
        inputs = x.value.shape[-1]
        integers, scale = self._weight(inputs, outputs, gain)
        weight = self.g.dequantized_weight(name + "/weight", integers, scale)
        product = self.g.matmul(name + "/MatMul", x, weight)
        return self.g.add(name + "/Add", product,
                          self.g.constant(name + "/bias", self._normal(outputs, 0.1)))

    def _weight(self, inputs, outputs, gain):
        """Integers of the asked width, and the scale that keeps the spread of what passes."""
        shape, bits = (inputs, outputs), self.config.weights
        if bits == 1:
            integers = self.rng.integers(0, 2, shape) * 2 - 1
        else:
            high = 2 ** (bits - 1) - 1
            integers = np.clip(np.rint(self.rng.standard_normal(shape) * high / 2.5), -high, high)
        rms = math.sqrt(float((integers.astype(np.float64) ** 2).mean()))
        scale = np.float32(gain / (math.sqrt(inputs) * rms))
        if self.config.per_channel:
            scale = scale * self.rng.uniform(0.5, 1.5, outputs).astype(np.float32)
        return integers, scale

    def _layer_norm(self, name, x):
        gamma = self.g.constant(name + "/gamma", 1 + self._normal(self.config.hidden, 0.1))
        beta = self.g.constant(name + "/beta", self._normal(self.config.hidden, 0.1))
        return self.g.layer_norm(name, x, gamma, beta)

    # Output side ---------------------------------------------------------------------------

    def _classify(self, x):
        g, c = self.g, self.config
        g.scope = "pooler"
        first = g.gather("Gather", x, g.constant("first", np.int64(0)), axis=1)
        pooled = g.tanh("Tanh", self._gemm(first, c.hidden, 1.0))
        g.scope = "classifier"
        return self._gemm(pooled, c.labels, 1.0)

    def _gemm(self, x, outputs, gain):
        inputs = x.value.shape[-1]
        weight = self._normal((outputs, inputs), gain / math.sqrt(inputs))
        return self.g.gemm("Gemm", x, self.g.constant("weight", weight),
                           self.g.constant("bias", self._normal(outputs, 0.1)))

    def _normal(self, shape, deviation=1.0):
        return (self.rng.standard_normal(shape) * deviation).astype(np.float32)
