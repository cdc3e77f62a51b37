# SPDX-License-Identifier: Apache-2.0
"""Costs by layer, on files of every exporter and with names of every kind."""

import json
import pathlib
import re
import subprocess

import onnx
import pytest

from tools.lib import private_run
from tools.suite import measure

_ROOT = pathlib.Path(__file__).resolve().parents[2]
# Layers of a family that has more than one.
_LAYERS = {"albert-sequence": 2, "bert-two-layers": 2, "minilm-sentence": 2}
_FILES = [f for f in measure.read_index(_ROOT / "test/suite")
          if f.quantizer not in ("mpcc", "ort-static-symmetric")]


def _layers(path, folder):
    """(name, cost) of the parts of a plan, by the order in which they run."""
    private_run.compile_model(path, folder, 8)
    text = subprocess.run([private_run.BIN / "mpcc", "inspect", folder / "party1.plan", "--json"],
                          check=True, capture_output=True, text=True).stdout
    program, = json.loads(text)["programs"]
    return {layer["name"]: layer["cost"] for layer in program["layers"]}, program["cost"]


def _count(family):
    return _LAYERS.get(family, 1)


@pytest.mark.parametrize("file", _FILES, ids=lambda f: f.name)
def test_files_of_every_exporter_have_their_layers(tmp_path, file):
    layers, total = _layers(file.path, tmp_path)
    numbers = [name for name in layers if name.startswith("layer.")]
    assert numbers == [f"layer.{i}" for i in range(_count(file.family))]
    for field, value in total.items():
        assert value == sum(cost.get(field, 0) for cost in layers.values())
    # The network's products are in its layers, but for those of the head and of a projection. (Of
    # material the table of a function that no quantizer follows, in a head, may be the most.)
    assert all(layers[name]["material_bytes"] > 0 for name in numbers)
    inside = sum(layers[name]["bytes_p1_to_p2"] for name in numbers)
    assert inside > 0.5 * total["bytes_p1_to_p2"]


def _renamed(model, rename):
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for i, node in enumerate(copy.graph.node):
        node.name = rename(i, node)
    return copy


def _scoped(prefix):
    return lambda _, node: re.sub(r"^.*?layer\.(\d+)", rf"{prefix}.\1", node.name)


def _as_metadata(model):
    """Names as torch's dynamo exporter gives them: scopes in metadata."""
    def rename(i, node):
        path = ".".join(s for s in node.name.split("/")[:-1] if s)
        parts = path.split(".")
        scopes = ["", *(".".join(parts[:k + 1]) for k in range(len(parts))), "operation"]
        node.metadata_props.add(key="pkg.torch.onnx.name_scopes", value=repr(scopes))
        return f"node_{node.op_type}_{i}"
    return _renamed(model, rename)


def test_layers_do_not_depend_on_how_nodes_are_named(model_path, tmp_path):
    model = onnx.load(model_path("bert-tiny-w1a4"))
    variants = {
        "given": model,
        "distilbert": _renamed(model, _scoped("/transformer/layer")),
        "blocks": _renamed(model, _scoped("/model/0/blocks")),
        "metadata": _as_metadata(model),
        "none": _renamed(model, lambda i, node: f"{node.op_type}_{i}")}
    found = {}
    for name, variant in variants.items():
        (folder := tmp_path / name).mkdir()
        onnx.save(variant, folder / "model.onnx")
        found[name] = _layers(folder / "model.onnx", folder)
    assert {"layer.0", "layer.1"} < set(found["given"][0])
    for name in ("distilbert", "blocks", "metadata"):
        assert found[name] == found["given"], name
    ours, theirs = found["none"][0], found["given"][0]
    assert ours.keys() == theirs.keys()
    assert ours["layer.1"] == theirs["layer.1"]
