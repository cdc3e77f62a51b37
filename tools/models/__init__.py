# SPDX-License-Identifier: Apache-2.0
"""Makes the quantized ONNX models that mpcc is tried on, and runs them in ONNX Runtime.

Run `python -m tools.models --help`; docs/quantized-models.md tells the story.
"""
