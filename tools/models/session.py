# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime as the oracle: no graph rewriting, so every operator means what ONNX says."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import onnx
import onnxruntime as ort


def open_session(model: str | onnx.ModelProto) -> ort.InferenceSession:
    """A session for a path or a ModelProto. Optimisations are off: fused int8 kernels saturate."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    source = model if isinstance(model, str) else model.SerializeToString()
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
