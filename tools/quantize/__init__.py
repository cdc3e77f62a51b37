# SPDX-License-Identifier: Apache-2.0
"""Turns a trained BERT-family encoder into a quantized ONNX model by distillation.

Run `tools/quantize/quantize --help`; docs/quantize.md tells the recipe and its sources.
"""
