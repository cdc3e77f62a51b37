# SPDX-License-Identifier: Apache-2.0
"""Writes a student as a quantized ONNX model in the canonical form, with range metadata."""

from collections.abc import Sequence

import numpy as np
import onnx

from tools.models import bert_graph, ranges, texts
from tools.quantize import text
from tools.quantize.student import Encoder

_LINEARS = {"attention/query": "query", "attention/key": "key", "attention/value": "value",
            "attention/output": "out", "intermediate": "up", "output": "down"}
_HEADS = {"pooler": "pooler", "classifier": "classifier", "dense": "dense"}
_TABLES = {"word": "word", "token_type": "kind", "position": "place"}
_RANGE_LINES = 512


def _array(tensor):
    return tensor.detach().float().cpu().numpy()


class _Trained:
    """bert_graph.Parameters of a student."""

    def __init__(self, student):
        self.student, self.sites = student, student.sites()

    def _layer(self, name):
        """(the layer that a name such as encoder/layer.3/attention/query lies in, the rest)."""
        _, layer, rest = name.split("/", 2)
        return self.student.layers[int(layer.removeprefix("layer."))], rest

    def _linear(self, name):
        if name in _HEADS:
            return getattr(self.student, _HEADS[name])
        layer, rest = self._layer(name)
        return getattr(layer, _LINEARS[rest])

    def table(self, name, rows):
        embeddings = self.student.embeddings
        integers, scale = embeddings.quantized(getattr(embeddings, _TABLES[name])[:rows])
        return _array(integers).astype(np.int8), _array(scale)[:, 0], embeddings.bits

    def weight(self, name, inputs, outputs, gain):
        linear = self._linear(name)
        integers, scale = linear.quantized()
        scale = _array(scale) if linear.per_channel else _array(scale)[0]
        return _array(integers).T, scale, 4 if linear.bits <= 4 else 8

    def bias(self, name, outputs):
        return _array(self._linear(name).bias)

    def norm(self, name):
        if name == "embeddings/LayerNorm":
            norm = self.student.embeddings.norm
        else:
            layer, rest = self._layer(name)
            norm = layer.attention_norm if rest == "attention/LayerNorm" else layer.norm
        return _array(norm.weight), _array(norm.bias)

    def move(self, name, width):
        return None

    def step(self, name):
        return float(self.sites[name].step.detach())

    def dense(self, name, outputs, inputs):
        return _array(self._linear(name).weight)


def _form(student):
    shape = student.shape
    return bert_graph.Form(
        bits=tuple(layer.bits for layer in student.layers), hidden=shape.hidden,
        heads=shape.heads, intermediate=shape.intermediate, positions=shape.positions,
        labels=shape.labels, function=shape.function, epsilon=shape.epsilon, dense=shape.dense)


def feed(rows: Sequence[np.ndarray], length: int | None = None) -> dict[str, np.ndarray]:
    """Tokenized rows as the model's inputs, padded to `length` tokens."""
    tensors = [t.numpy() for t in text.pad(rows)]
    if length is not None:
        extra = ((0, 0), (0, length - tensors[0].shape[1]))
        tensors = [np.pad(t, extra) for t in tensors]
    return dict(zip(texts.INPUTS, tensors))


def _range_feeds(rows, positions):
    """Lines padded to each bucket, _RANGE_LINES of all that fit it."""
    for bucket in (b for b in texts.BUCKETS if b <= positions):
        fitting = text.sample([row for row in rows if len(row) <= bucket], _RANGE_LINES)
        for start in range(0, len(fitting), 32):
            yield feed(fitting[start : start + 32], bucket)


def model_of(student: Encoder, rows: Sequence[np.ndarray]) -> onnx.ModelProto:
    """The ModelProto; its ranges are those of a sample of `rows` (token ids of lines)."""
    student.eval()
    batch = feed(sorted(rows, key=len)[:2])
    model = bert_graph.BertGraph(_form(student), _Trained(student)).build(batch)
    ranges.store(model, ranges.measure(model, _range_feeds(rows, student.shape.positions)))
    return model
