# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime's static QDQ quantization of the matrix products, with our own ranges.

Weights: int8, symmetric, per output channel. Inputs of linear layers: uint8 with a zero point.
Softmax output: uint8, zero point 0. Other operands of attention products: int8, zero point 0.
"""

import logging
import pathlib
import tempfile

import numpy as np
import onnx

from tools.models import activations, scales

_OPS = ["MatMul", "Gemm"]


class _OneFeed:
    """The calibration reader that the quantizer insists on; every range is given by override."""

    def __init__(self, feed):
        self._rest = iter([feed])

    def get_next(self):
        return next(self._rest, None)


def _override(kind, low, high, symmetric):
    return [{"quant_type": kind, "symmetric": symmetric, "rmin": np.array(low, np.float32),
             "rmax": np.array(high, np.float32)}]


def _overrides(model, values):
    from onnxruntime.quantization import QuantType

    maker = {o: n.op_type for n in model.graph.node for o in n.output}
    constants = {i.name for i in model.graph.initializer}
    linear = {n.input[0] for n in model.graph.node
              if n.op_type in _OPS and n.input[1] in constants}
    found = {}
    for name, seen in values.items():
        if maker[name] == "Softmax":
            found[name] = _override(QuantType.QUInt8, 0, 1, False)
        elif name in linear:
            low, high = scales.affine_range(activations.flat(seen))
            found[name] = _override(QuantType.QUInt8, low, high, False)
        else:
            high = 127 * scales.symmetric_scale(activations.flat(seen), 127)
            found[name] = _override(QuantType.QInt8, -high, high, True)
    return found


def quantize(model, values, feed):
    """The quantized ModelProto. `values` as activations.collect gives them; `feed` any input."""
    from onnxruntime import quantization as q

    logging.getLogger().setLevel(logging.ERROR)  # the quantizer's advice to pre-process
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "float.onnx"), pathlib.Path(folder, "quantized.onnx")
        onnx.save(model, source)
        q.quantize_static(
            source, target, _OneFeed(feed), quant_format=q.QuantFormat.QDQ,
            op_types_to_quantize=_OPS, per_channel=True, weight_type=q.QuantType.QInt8,
            activation_type=q.QuantType.QInt8,
            extra_options={"WeightSymmetric": True, "ActivationSymmetric": True,
                           "OpTypesToExcludeOutputQuantization": _OPS,
                           "TensorQuantOverrides": _overrides(model, values)})
        return onnx.load(target)
