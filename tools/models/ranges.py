# SPDX-License-Identifier: Apache-2.0
"""Range metadata: the largest magnitude each float tensor took over calibration inputs.

Stored in the model file as metadata_props, key "mpcc.range:<tensor>", value a decimal number.
"""

import math
from collections.abc import Iterable, Mapping

import numpy as np
import onnx

from tools.models import session as sessions

PREFIX = "mpcc.range:"
_ARITHMETIC = frozenset(
    "Add Div Erf Gather Gelu Gemm LayerNormalization MatMul Mul Pow ReduceL2 ReduceMean ReduceSum "
    "Relu Softmax Sqrt Sub Tanh".split())
_MASKED = 1e30  # a tensor beyond this holds the additive mask, and has no useful range


def float_tensors(graph):
    """Names of arithmetic results that depend on an embedding table, in the graph's order."""
    tables = {i.name for i in graph.initializer if len(i.dims) == 2}
    tables |= {node.output[0] for node in graph.node
               if node.op_type == "DequantizeLinear" and node.input[0] in tables}
    reached: set[str] = set()
    found: list[str] = []
    for node in graph.node:
        is_lookup = node.op_type == "Gather" and node.input[0] in tables
        if not is_lookup and (node.op_type == "Shape" or not reached.intersection(node.input)):
            continue
        reached.update(node.output)
        if node.op_type in _ARITHMETIC:
            found.append(node.output[0])
    return found


def measure(model: onnx.ModelProto, feeds: Iterable[Mapping[str, np.ndarray]]) -> dict[str, float]:
    """Largest magnitude of every float tensor over all feeds, masked tensors left out."""
    names = float_tensors(model.graph)
    session = sessions.open_session(sessions.with_outputs(model, names))
    peaks = dict.fromkeys(names, 0.0)
    for feed in feeds:
        for name, value in sessions.run(session, feed, names).items():
            peaks[name] = max(peaks[name], float(np.abs(value).max()))
    return {name: peak for name, peak in peaks.items() if peak < _MASKED}


def _round_up(value, digits=3):
    """Rounds away from zero to a few digits, so that files do not depend on the last bits."""
    if value == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return math.ceil(value / step - 1e-3) * step


def store(model: onnx.ModelProto, peaks: Mapping[str, float]) -> None:
    """Writes `peaks` into the model's metadata, in place of older ranges."""
    kept = [(p.key, p.value) for p in model.metadata_props if not p.key.startswith(PREFIX)]
    del model.metadata_props[:]
    for key, value in kept + [(PREFIX + n, f"{_round_up(p):.4g}") for n, p in peaks.items()]:
        model.metadata_props.add(key=key, value=value)


def load(model: onnx.ModelProto) -> dict[str, float]:
    """The ranges in a model's metadata, by tensor name."""
    return {p.key[len(PREFIX):]: float(p.value)
            for p in model.metadata_props if p.key.startswith(PREFIX)}
