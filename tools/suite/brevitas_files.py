# SPDX-License-Identifier: Apache-2.0
"""Models quantized in PyTorch by Brevitas, written as QCDQ or QONNX.

Runs in the makers' environment only.
"""

import contextlib
import pathlib
from unittest import mock

import brevitas.nn as qnn
import torch
from brevitas.export import export_onnx_qcdq, export_qonnx
from brevitas.graph.calibrate import calibration_mode
from brevitas.graph.quantize import layerwise_quantize
from brevitas.quant import scaled_int

from tools.suite import exporters, families


class _QuantizedProducts(torch.nn.Module):
    """Quantizes both operands of each product of two computed tensors."""

    def __init__(self, model, bits, products):
        super().__init__()
        self.model = model
        signed, unsigned = scaled_int.Int8ActPerTensorFloat, scaled_int.Uint8ActPerTensorFloat
        self.operands = torch.nn.ModuleList()
        for i in range(products):  # scores, then context, which reads probabilities
            for kind in (unsigned if i % 2 else signed, signed):
                self.operands.append(qnn.QuantIdentity(act_quant=kind, bit_width=bits))

    @contextlib.contextmanager
    def _quantizing(self):
        plain, at = torch.matmul, iter(self.operands)
        with mock.patch.object(torch, "matmul", lambda a, b: plain(next(at)(a), next(at)(b))):
            yield

    def forward(self, *values):
        with self._quantizing():
            return self.model(*values)


def _quantized(family, bits):
    options = {"input_quant": scaled_int.Int8ActPerTensorFloat,
               "weight_quant": scaled_int.Int8WeightPerTensorFloat, "input_bit_width": bits,
               "weight_bit_width": bits}
    model = families.make(family)
    layers = model.config.num_hidden_layers
    quantized = layerwise_quantize(model, {torch.nn.Linear: (qnn.QuantLinear, options)})
    return _QuantizedProducts(exporters.as_tuple(family, quantized), bits, 2 * layers).eval()


def make(family: str, bits: int, qonnx: bool, opset: int, path: str | pathlib.Path) -> None:
    """Writes the family's model with `bits` for weights and activations."""
    torch.manual_seed(1)
    model = _quantized(family, bits)
    with torch.no_grad(), calibration_mode(model):
        for feeds in families.feeds(family, padded=False):
            model(*map(torch.from_numpy, feeds.values()))
    write = export_qonnx if qonnx else export_onnx_qcdq
    with torch.no_grad():
        write(model, args=tuple(exporters.example(family).values()), export_path=str(path),
              opset_version=opset, dynamo=False, **exporters.names_and_axes(family))
