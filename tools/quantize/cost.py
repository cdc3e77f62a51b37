# SPDX-License-Identifier: Apache-2.0
"""What a private inference of a shape costs, as the compiler predicts it.

Costs follow from shapes and widths alone, so a graph with random weights stands for any model.
"""

import json
import pathlib
import subprocess
import tempfile
from collections.abc import Mapping

import onnx

from tools.lib import private_run
from tools.models import random_bert
from tools.quantize.config import Shape

_VOCABULARY = 64  # the embedding costs nothing


def _model(shape, weights, bits):
    """A model of this shape with activation widths `bits` by layer."""
    config = random_bert.BertConfig(
        layers=shape.layers, hidden=shape.hidden, heads=shape.heads,
        intermediate=shape.intermediate, vocab=_VOCABULARY, positions=shape.positions,
        labels=shape.labels, weights=weights, activations=max(bits), function=shape.function,
        dense=shape.dense)
    return random_bert.make(config, bits)


def predict(shape: Shape, weights: int, bits: tuple[int, ...],
            length: int) -> dict[str, dict[str, int]]:
    """Costs by field, by layer ("layer.0", ..., and "total")."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.onnx"
        onnx.save(_model(shape, weights, bits), str(path))
        private_run.compile_model(path, path.parent / "plans", length)
        done = subprocess.run(
            [private_run.BIN / "mpcc", "inspect", "--json", path.parent / "plans/party1.plan"],
            capture_output=True, text=True, check=True)
    [program] = json.loads(done.stdout)["programs"]
    return {layer["name"]: layer["cost"] for layer in program["layers"]} | {
        "total": program["cost"]}


def online_bytes(cost: Mapping[str, int]) -> int:
    """Both ways."""
    return cost["bytes_p1_to_p2"] + cost["bytes_p2_to_p1"]


def material_bytes(cost: Mapping[str, int]) -> int:
    return cost["material_bytes"]
