# SPDX-License-Identifier: Apache-2.0
"""What arrives at the matrix products of a float model over the calibration inputs."""

import numpy as np

from tools.models import session as sessions


def product_inputs(model):
    """Names of the activations that feed MatMul and Gemm nodes, in order, each once."""
    constants = {i.name for i in model.graph.initializer}
    operands = (name for node in model.graph.node if node.op_type in ("MatMul", "Gemm")
                for name in node.input[:2] if name not in constants)
    return list(dict.fromkeys(operands))


def collect(model, feeds):
    """Name -> list of values, one per feed, for every product input."""
    names = product_inputs(model)
    session = sessions.open_session(sessions.with_outputs(model, names))
    values = {name: [] for name in names}
    for feed in feeds:
        for name, value in sessions.run(session, feed, names).items():
            values[name].append(value)
    return values


def flat(values):
    return np.concatenate([v.ravel() for v in values])
