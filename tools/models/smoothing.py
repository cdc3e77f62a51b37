# SPDX-License-Identifier: Apache-2.0
"""Moves outlier channels from activations into weights before quantization.

x W = (x / s) (s W) for any positive s per channel. With s = max|x|^a / max|W|^(1-a) no channel of
x / s sticks out, so one 8-bit scale serves them all (the idea of SmoothQuant, arXiv 2211.10438).
The division is a Mul node with a constant vector in front of the linear layers that share x.
"""

import numpy as np
from onnx import helper, numpy_helper


def _linear_groups(model):
    """Activation name -> MatMul nodes with constant weights that read it."""
    constants = {i.name for i in model.graph.initializer}
    groups = {}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in constants:
            groups.setdefault(node.input[0], []).append(node)
    return groups


def _channel_scale(values, weights, alpha):
    peak_x = np.max([np.abs(v).reshape(-1, v.shape[-1]).max(0) for v in values], axis=0)
    peak_w = np.max([np.abs(w).max(1) for w in weights], axis=0)
    scale = np.maximum(peak_x, 1e-3) ** alpha / np.maximum(peak_w, 1e-5) ** (1 - alpha)
    return (scale / np.exp(np.log(scale).mean())).astype(np.float32)


def smooth(model, values, alpha, wanted):
    """Smooths, in place, every group of linear layers for whose first node wanted(name) holds."""
    constants = {i.name: i for i in model.graph.initializer}
    for source, nodes in _linear_groups(model).items():
        if not wanted(nodes[0].name):
            continue
        weights = [numpy_helper.to_array(constants[n.input[1]]) for n in nodes]
        scale = _channel_scale(values[source], weights, alpha)
        name = nodes[0].name.rsplit("/", 1)[0] + "/smooth"
        model.graph.initializer.append(numpy_helper.from_array(1 / scale, name + "/scale"))
        mul = helper.make_node("Mul", [source, name + "/scale"], [name + "/Mul_output_0"],
                               name + "/Mul")
        model.graph.node.insert(list(model.graph.node).index(nodes[0]), mul)
        for node, weight in zip(nodes, weights):
            constants[node.input[1]].CopyFrom(
                numpy_helper.from_array(weight * scale[:, None], node.input[1]))
            node.input[0] = mul.output[0]
