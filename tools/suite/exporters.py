# SPDX-License-Identifier: Apache-2.0
"""PyTorch to ONNX, as each exporter writes it. Runs in the makers' environment only."""

import pathlib
import tempfile
import warnings

import onnx
import torch

from tools.suite import families, inputs

_TASKS = {"encoder": "feature-extraction", "token": "token-classification",
          "question": "question-answering", "sentence": "feature-extraction"}


class _Tuple(torch.nn.Module):
    """Takes the named inputs in order and returns plain tensors."""

    def __init__(self, model, names, many):
        super().__init__()
        self.model, self.names, self.many = model, names, many

    def forward(self, *values):
        found = self.model(**dict(zip(self.names, values, strict=True)))
        if isinstance(found, torch.Tensor):
            return found
        return (found[0], found[1]) if self.many else found[0]


def as_tuple(family: str, model: torch.nn.Module) -> torch.nn.Module:
    """`model` with inputs by position, and plain tensors as results."""
    return _Tuple(model, families.tokens(family).names, len(families.outputs(family)) > 1).eval()


def example(family: str) -> dict[str, torch.Tensor]:
    """Two inputs of nine tokens and padding, by name, to trace a model with."""
    tokens = families.tokens(family)
    (sequence,) = inputs.ids(tokens, 7, 1, longest=9)
    feeds = inputs.feeds(tokens, sequence, 11)
    return {name: torch.from_numpy(value).repeat(2, 1) for name, value in feeds.items()}


def names_and_axes(family: str) -> dict[str, object]:
    """The TorchScript exporter's names and dynamic axes: batch, and sequence where there is one."""
    both = {0: "batch", 1: "sequence"}
    names, tokens = families.outputs(family), families.tokens(family).names
    result = both if family.endswith(("encoder", "token", "question")) else {0: "batch"}
    axes = dict.fromkeys(tokens, both) | dict.fromkeys(names, result)
    return {"input_names": list(tokens), "output_names": names, "dynamic_axes": axes}


def _torch(family, opset, path, dynamo):
    model, feeds = as_tuple(family, families.make(family, dynamo or opset == 14)), example(family)
    options = names_and_axes(family) | {"opset_version": opset, "dynamo": dynamo}
    if dynamo:
        del options["dynamic_axes"]
        axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=24)}
        options |= {"dynamic_shapes": ((axes,) * len(feeds),), "external_data": False,
                    "verbose": False}
    with torch.no_grad():
        torch.onnx.export(model, tuple(feeds.values()), str(path), **options)


def _optimum(family, opset, path):
    from optimum.exporters.onnx import onnx_export_from_model

    model = families.make(family, fused_attention=True)
    task = _TASKS.get(family.rsplit("-", 1)[1], "text-classification")
    with tempfile.TemporaryDirectory() as folder:
        onnx_export_from_model(model, pathlib.Path(folder), task=task, opset=opset,
                               do_validation=False, no_post_process=True)
        onnx.save(onnx.load(pathlib.Path(folder) / "model.onnx"), path)


def export(family: str, exporter: str, opset: int, path: pathlib.Path) -> None:
    """Writes the float model of a family to `path`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if exporter == "optimum":
            _optimum(family, opset, path)
        else:
            _torch(family, opset, path, dynamo=exporter == "dynamo")
