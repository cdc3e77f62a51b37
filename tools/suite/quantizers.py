# SPDX-License-Identifier: Apache-2.0
"""Float ONNX files to quantized ones, by the tools that users have.

Runs in the makers' environment only.
"""

import pathlib
import tempfile

import onnx
from onnxruntime import quantization as ort


class _Reader(ort.CalibrationDataReader):
    def __init__(self, feeds):
        self._feeds = iter(feeds)

    def get_next(self):
        return next(self._feeds, None)


_TYPE = ort.QuantType


def _static(padded=False, **options):
    def quantize(feeds, source, path):
        defaults = {"quant_format": ort.QuantFormat.QDQ}
        extra = options.get("extra_options", {})
        ort.quantize_static(source, path, _Reader(feeds(padded)),
                            **defaults | options | {"extra_options": extra})

    return quantize


def _dynamic(**options):
    return lambda feeds, source, path: ort.quantize_dynamic(source, path, **options)


def _prepared(quantize):
    """With ONNX Runtime's preprocessing before, as its documentation asks."""

    def prepare_and_quantize(feeds, source, path):
        with tempfile.TemporaryDirectory() as folder:
            prepared = str(pathlib.Path(folder) / "prepared.onnx")
            ort.shape_inference.quant_pre_process(source, prepared, skip_symbolic_shape=True)
            quantize(feeds, prepared, path)

    return prepare_and_quantize


def _optimum(static, per_channel=False):
    def quantize(feeds, source, path):
        from optimum.onnxruntime import ORTQuantizer
        from optimum.onnxruntime.configuration import AutoQuantizationConfig, CalibrationConfig

        config = AutoQuantizationConfig.avx512_vnni(is_static=static, per_channel=per_channel)
        quantizer, ranges = ORTQuantizer(pathlib.Path(source)), None
        if static:
            rows = [{name: value[0].tolist() for name, value in feed.items()}
                    for feed in feeds(True)]
            method = CalibrationConfig("", "", "", len(rows), ort.CalibrationMethod.MinMax)
            ranges = quantizer.fit(rows, method,
                                   operators_to_quantize=config.operators_to_quantize)
        with tempfile.TemporaryDirectory() as folder:
            quantizer.quantize(save_dir=folder, quantization_config=config,
                               calibration_tensors_range=ranges)
            (made,) = pathlib.Path(folder).glob("*.onnx")
            onnx.save(onnx.load(made), path)

    return quantize


# quantizer: (calibration inputs, path of the float file, path to write). The inputs are a function:
# feeds(True) gives them padded, feeds(False) as long as they are.
QUANTIZERS = {
    "ort-static": _static(),
    "ort-static-uint8": _static(activation_type=_TYPE.QUInt8, weight_type=_TYPE.QUInt8),
    "ort-static-uint8-int8": _static(activation_type=_TYPE.QUInt8, weight_type=_TYPE.QInt8),
    "ort-static-padded": _static(padded=True),
    "ort-static-symmetric": _static(
        padded=True, extra_options={"ActivationSymmetric": True, "WeightSymmetric": True}),
    "ort-static-prepared": _prepared(_static(padded=True)),
    "ort-static-channel": _static(per_channel=True),
    "ort-static-matmul": _static(op_types_to_quantize=["MatMul"]),
    "ort-static-matmul-gemm-channel": _static(
        op_types_to_quantize=["MatMul", "Gemm"], per_channel=True),
    "ort-static-int4": _static(
        op_types_to_quantize=["MatMul"], weight_type=_TYPE.QInt4, per_channel=True),
    "ort-static-16-bit": _static(
        op_types_to_quantize=["MatMul"], activation_type=_TYPE.QUInt16),
    "ort-qoperator": _static(quant_format=ort.QuantFormat.QOperator),
    "ort-dynamic": _dynamic(),
    "ort-dynamic-uint8-channel": _dynamic(per_channel=True, weight_type=_TYPE.QUInt8),
    "optimum-static": _optimum(static=True),
    "optimum-static-channel": _optimum(static=True, per_channel=True),
    "optimum-dynamic": _optimum(static=False),
}
