# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime as the oracle: no graph rewriting, so every operator means what ONNX says."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import onnx
import onnxruntime as ort


def _wide_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy in which MatMulInteger is a product of 32-bit integers, as ONNX defines it.

    On x86 without VNNI the kernel of uint8 times int8 adds pairs in 16 bits, which saturate.
    """
    wide = onnx.ModelProto()
    wide.CopyFrom(model)
    nodes = list(wide.graph.node)
    del wide.graph.node[:]
    for node in nodes:
        if node.op_type != "MatMulInteger":
            wide.graph.node.append(node)
            continue
        factors = [_less_zero(wide.graph, node, i) for i in range(2)]
        wide.graph.node.append(onnx.helper.make_node("MatMul", factors, list(node.output)))
    return wide


def _less_zero(graph: onnx.GraphProto, node: onnx.NodeProto, i: int) -> str:
    """Operand i of MatMulInteger less its zero point, if it has one, in 32 bits."""
    made = []
    for k in (i, i + 2):
        if k < len(node.input) and node.input[k]:
            made.append(f"{node.output[0]}/wide_{k}")
            graph.node.append(onnx.helper.make_node(
                "Cast", [node.input[k]], [made[-1]], to=onnx.TensorProto.INT32))
    if len(made) == 1:
        return made[0]
    name = f"{node.output[0]}/less_zero_{i}"
    graph.node.append(onnx.helper.make_node("Sub", made, [name]))
    return name


def open_session(model: str | onnx.ModelProto) -> ort.InferenceSession:
    """A session for a path or a ModelProto. Optimisations are off: fused int8 kernels saturate."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    loaded = onnx.load(model) if isinstance(model, str) else model
    source = _wide_products(loaded).SerializeToString()
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def with_outputs(model: onnx.ModelProto, tensors: Iterable[str]) -> onnx.ModelProto:
    """A copy of `model` that also returns the named float tensors."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    known = {output.name for output in copy.graph.output}
    for name in tensors:
        if name not in known:
            copy.graph.output.append(
                onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    return copy


def run(session: ort.InferenceSession, feeds: Mapping[str, np.ndarray],
        tensors: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Outputs by name. Inputs that the model does not have are left out."""
    wanted = {i.name for i in session.get_inputs()}
    names = tensors or [o.name for o in session.get_outputs()]
    values = session.run(names, {k: v for k, v in feeds.items() if k in wanted})
    return {name: np.asarray(value) for name, value in zip(names, values)}
