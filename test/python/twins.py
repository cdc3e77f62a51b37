# SPDX-License-Identifier: Apache-2.0
"""Models that differ from a given one in private numbers alone."""

import zlib

import numpy as np
import onnx
from onnx import numpy_helper

# Inputs of quantizers, by operator: scales and zero points.
_SCALES = {"QuantizeLinear": [1], "DequantizeLinear": [1], "Quant": [1], "BipolarQuant": [1],
           "QLinearMatMul": [1, 4, 6], "QGemm": [1, 4, 7], "QLinearConv": [1, 4, 6],
           "QLinearAdd": [1, 4, 6], "QLinearMul": [1, 4, 6]}

_LARGEST = 1e3  # beyond stand numbers of masks


def _tensors(model):
    """Every constant of a model: (name, tensor)."""
    for tensor in model.graph.initializer:
        yield tensor.name, tensor
    for node in model.graph.node:
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    yield node.output[0], attribute.t


def _sizes(model):
    """Elements of every constant, also behind quantizers."""
    sizes = {name: int(np.prod(tensor.dims)) for name, tensor in _tensors(model)}
    for node in model.graph.node:
        if node.op_type in ("Identity", *_SCALES) and node.input[0] in sizes:
            sizes[node.output[0]] = sizes[node.input[0]]
    return sizes


def _scales(model):
    """Scales of quantizers but for those of single numbers (an epsilon, a factor of GELU)."""
    sizes = _sizes(model)
    return {node.input[i] for node in model.graph.node for i in _SCALES.get(node.op_type, ())
            if i < len(node.input) and sizes.get(node.input[i - 1]) != 1}


def _activation_zero_points(model):
    """Zero points of quantizers of computed values, whose dequantizers share them."""
    sizes = _sizes(model)
    weights, activations = set(), set()
    for node in model.graph.node:
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear") or len(node.input) < 3:
            continue
        (weights if node.input[0] in sizes else activations).add(node.input[2])
    return activations - weights


def _generator(seed, array):
    # Equal numbers stay equal: that two quantizers of one value are one is public.
    return np.random.default_rng([seed, zlib.crc32(np.ascontiguousarray(array).tobytes())])


def _scaled(array, generator):
    factors = np.exp(generator.uniform(-0.1, 0.1, array.shape)).astype(array.dtype)
    same = array.size > 0 and np.all(array == array.flat[0])
    return array * (factors.flat[0] if same and array.size > 1 else factors)


def _zero_point(array, generator):
    info = np.iinfo(array.dtype)
    if array.size != 1 or array.flat[0] in (info.min, info.max, 0):
        return array  # that a range ends at zero is public
    return np.full_like(array, generator.integers(info.min + 1, info.max))


def _is_parameter(array):
    return (array.dtype == np.float32 and array.size > 1 and np.all(np.abs(array) < _LARGEST)
            and not np.all(np.isin(array, (0, 1))))


def twin(model, seed):
    """A copy with other weights, scales, zero points and ranges.

    Architecture stays: shapes, types, which elements of a constant are all equal, which ranges end
    at zero, the integers that weights hold, numbers that functions and masks are recognised by.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    scales, zeros = _scales(model), _activation_zero_points(model)
    for name, tensor in _tensors(copy):
        if tensor.data_type > onnx.TensorProto.DOUBLE:  # int4 and the like
            continue
        array = numpy_helper.to_array(tensor)
        generator = _generator(seed, array)
        if name in scales and np.any(array > _LARGEST):  # of a mask
            continue
        if name in scales or _is_parameter(array):
            array = _scaled(array, generator)
        elif name in zeros:
            array = _zero_point(array, generator)
        elif array.dtype in (np.int8, np.uint8) and array.size > 1:
            array = generator.permutation(array.ravel()).reshape(array.shape)
        else:
            continue
        tensor.CopyFrom(numpy_helper.from_array(array.astype(array.dtype), tensor.name))
    for entry in copy.metadata_props:
        if entry.key.startswith("mpcc.range"):
            wider = np.exp(_generator(seed, np.array([1])).uniform(0, 0.1))
            entry.value = str(float(entry.value) * wider)
    return copy
