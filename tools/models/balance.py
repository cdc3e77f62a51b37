# SPDX-License-Identifier: Apache-2.0
"""Evens out the channels of attention heads before quantization, in the weights alone.

Q K^T keeps its value when a channel of Q is multiplied and the same channel of K divided, and so
does (P V) W_o with a channel of V and a row of W_o. Channels of one size leave less of an 8-bit
range unused (cross-layer equalization, Nagel et al., arXiv 1906.04721, section 4.1). The graph
stays as it is.
"""

import dataclasses

import numpy as np
from onnx import numpy_helper

_FLOOR = 1e-3  # a channel that is always smaller is left to itself


@dataclasses.dataclass
class _Linear:
    """The initializers of one linear layer, [in, out] and [out]."""

    weight: object
    bias: object

    def scale_outputs(self, factors):
        _replace(self.weight, numpy_helper.to_array(self.weight) * factors)
        _replace(self.bias, numpy_helper.to_array(self.bias) * factors)

    def scale_inputs(self, factors):
        _replace(self.weight, numpy_helper.to_array(self.weight) * factors[:, None])


def _replace(tensor, array):
    tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float32), tensor.name))


def _linears(model, place):
    """The linear layers at `place`, in the order of the encoder's layers."""
    constants = {i.name: i for i in model.graph.initializer}

    def constant(op):
        return [constants[name] for node in model.graph.node for name in node.input
                if node.name.endswith(f"{place}/{op}") and name in constants]

    return [_Linear(w, b) for w, b in zip(constant("MatMul"), constant("Add"), strict=True)]


def _products(model, place):
    return [n for n in model.graph.node if n.op_type == "MatMul" and n.name.endswith(place)]


def _peaks(heads):
    """Largest magnitude of each channel; `heads` holds arrays [batch, head, token, channel]."""
    peaks = np.max([np.abs(x).max((0, 2)) for x in heads], axis=0)
    return np.maximum(peaks.ravel(), _FLOOR)


def balance(model, values):
    """Balances Q with K and V with the output layer, in place, in every encoder layer."""
    layers = zip(_products(model, "self/MatMul"), _products(model, "self/MatMul_1"),
                 *(_linears(model, place) for place in
                   ("query", "key", "value", "attention/output/dense")), strict=True)
    for scores, context, query, key, value, output in layers:
        q = _peaks(values[scores.input[0]])
        k = _peaks([np.swapaxes(x, 2, 3) for x in values[scores.input[1]]])
        up = np.sqrt(k / q)
        query.scale_outputs(up)
        key.scale_outputs(1 / up)
        v = _peaks(values[context.input[1]])
        v /= np.exp(np.log(v).mean())
        value.scale_outputs(1 / v)
        output.scale_inputs(v)
