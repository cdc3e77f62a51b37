# SPDX-License-Identifier: Apache-2.0
"""BERT classifiers and sentence encoders with reproducible random weights, in canonical form."""

import dataclasses
import math

import numpy as np
import onnx

from tools.models import bert_graph, ranges, texts

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
    dense: bool = False  # a linear layer after the mean, with labels = 0
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
        if self.dense and self.labels:
            raise ValueError("a dense layer follows the mean over the tokens, which a model of "
                             f"{self.labels} labels has not: labels of 0 are accepted")

    def form(self, bits: tuple[int, ...] | None = None) -> bert_graph.Form:
        """`bits` of activations by layer, where they differ."""
        return bert_graph.Form(
            bits=bits or (self.activations,) * self.layers, hidden=self.hidden, heads=self.heads,
            intermediate=self.intermediate, positions=self.positions, labels=self.labels,
            function=self.function, dense=self.dense)


def make(config: BertConfig, bits: tuple[int, ...] | None = None) -> onnx.ModelProto:
    """The ModelProto, with range metadata; `bits` of activations by layer, where they differ."""
    lengths = [min(n, config.positions) for n in _CALIBRATION_LENGTHS]
    batch = _random_batch(config, lengths, max(lengths), [config.seed, 1])
    model = bert_graph.BertGraph(config.form(bits), _Random(config)).build(batch)
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


class _Random:
    """bert_graph.Parameters drawn from a seed; every activation scale fits the batch."""

    def __init__(self, config):
        self.config = config
        self.rng = np.random.default_rng([config.seed, 0])

    def _normal(self, shape, deviation=1.0):
        return (self.rng.standard_normal(shape) * deviation).astype(np.float32)

    def table(self, name, rows):
        return self._normal((rows or self.config.vocab, self.config.hidden))

    def weight(self, name, inputs, outputs, gain):
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
        return integers, scale, 8

    def bias(self, name, outputs):
        return self._normal(outputs, 0.1)

    def norm(self, name):
        return 1 + self._normal(self.config.hidden, 0.1), self._normal(self.config.hidden, 0.1)

    def move(self, name, width):
        return self._normal(width, 0.05) if self.config.move else None

    def step(self, name):
        return None

    def dense(self, name, outputs, inputs):
        return self._normal((outputs, inputs), 1 / math.sqrt(inputs))
