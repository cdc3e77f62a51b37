# SPDX-License-Identifier: Apache-2.0
"""Checks that ONNX Runtime on an exported file computes the student's integers.

Both round the same real numbers, but sum them in different orders, so a value within float32's
error of a rounding boundary may go either way. Such ties are counted; anything else is an error of
the export. ONNX Runtime's integers go on in the student, so that a tie changes nothing later.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
import onnx
import torch

from tools.models import session as sessions
from tools.quantize import export
from tools.quantize.student import Encoder

_TIE = 2e-3  # distance from a boundary, in steps, that counts as a tie
_RESULT = 1e-3  # largest difference of the results


@dataclasses.dataclass
class Comparison:
    """`different` integers of `integers`; `ties` are the explained ones."""

    integers: int = 0
    ties: int = 0
    wrong: list = dataclasses.field(default_factory=list)  # names of quantizers
    result: float = 0.0  # largest difference of the results

    def check(self) -> None:
        if not self.integers:
            raise ValueError("no integer of the exported file was compared with the student's")
        if self.wrong:
            raise ValueError("the exported file computes other integers than the student at "
                             + ", ".join(self.wrong[:5]))
        if self.result > _RESULT:
            raise ValueError(f"the exported file's result differs by {self.result:g} from the "
                             "student's")

    def __str__(self):
        return (f"{self.integers} integers equal to ONNX Runtime's, {self.ties} of them ties, "
                f"result within {self.result:.1e}")


def _watch(site, name, theirs, comparison):
    """Makes a quantizer compare its integers with `theirs` and hand these on."""

    def forward(x, dtype=torch.float32):
        v = x / site.step
        ours = torch.round(v).clamp(site.low, site.high)
        other = torch.from_numpy(np.rint(theirs / float(site.step))).to(ours)
        differ = ours != other
        tie = differ & ((v - v.floor() - 0.5).abs() < _TIE) & ((ours - other).abs() <= 1)
        comparison.integers += ours.numel()
        comparison.ties += int(tie.sum())
        if (differ & ~tie).any():
            comparison.wrong.append(name)
        return other.to(dtype), site.step

    site.forward = forward


@torch.no_grad()
def compare(student: Encoder, model: onnx.ModelProto, rows: Sequence[np.ndarray]) -> Comparison:
    """The student and the file on some lines, quantizer by quantizer."""
    student = student.cpu().eval()
    inputs = export.feed(rows)
    sites = student.sites()
    names = [f"{name}/DequantizeLinear_output" for name in sites]
    session = sessions.open_session(sessions.with_outputs(model, names))
    found = sessions.run(session, inputs)
    comparison = Comparison()
    try:
        for (name, site), output in zip(sites.items(), names, strict=True):
            theirs = found[output]
            if name.endswith("attention/key/quant"):  # transposed for the product in the file
                theirs = np.swapaxes(theirs, 2, 3)
            _watch(site, name, theirs, comparison)
        ids, mask, types = (torch.from_numpy(value) for value in inputs.values())
        ours = student(ids, mask, types).output.numpy()
    finally:
        for site in sites.values():
            del site.forward
    comparison.result = float(np.abs(ours - found[model.graph.output[0].name]).max())
    return comparison
