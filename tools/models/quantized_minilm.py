# SPDX-License-Identifier: Apache-2.0
"""The quantized MiniLM models: exported, then quantized by `mpcc quantize`."""

import pathlib
import tempfile

import onnx

from tools.lib import private_run
from tools.models import minilm, texts

_ROOT = private_run.ROOT
_PROGRAM = ("static_model.cc", "mpcc_quantize.cc", "mpcc_calibrate.cc", "calibration.cc")


def sources() -> list[pathlib.Path]:
    """The files of the compiler that decide what the quantized models are."""
    recipe = [path for path in (_ROOT / "frontend/quantize").glob("*.cc")
              if not path.name.endswith("_test.cc")]
    return recipe + [_ROOT / "tools" / name for name in _PROGRAM]


def make(layers: int = 6, opset: int = 17) -> onnx.ModelProto:
    """The W8A8 ModelProto with range metadata. RuntimeError if the compiler is not built."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "float.onnx"), pathlib.Path(folder, "w8a8.onnx")
        onnx.save(minilm.export(layers, opset), source)
        inputs = [texts.encode(text) for text in texts.calibration()]
        private_run.quantize_model(source, inputs, target)
        return onnx.load(target)
