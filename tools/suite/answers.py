# SPDX-License-Identifier: Apache-2.0
"""What ONNX Runtime answers on a file, how far answers agree, and the file's own noise."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import onnx
import onnxruntime as ort

from tools.models import session as sessions
from tools.suite import graphs

SEEDS = (1, 2, 3, 4, 5)  # of the noise
LEAST = 0.99  # cosine of a stable file under noise, and of a right answer


@dataclasses.dataclass(frozen=True)
class Agreement:
    """Of two answers to one input: cosine of all their numbers, and whether labels are the same."""

    cosine: float
    label: bool

    @property
    def good(self) -> bool:
        return self.label and self.cosine >= LEAST


def _cosine(a, b):
    product = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / product) if product else float(np.array_equal(a, b))


def _labels(name, values):
    """Classes of logits [1, C] or [1, S, C], positions of answers [1, S], or nothing."""
    return values.argmax(-1) if "logits" in name else np.zeros(0)


def agreement(ours: Mapping[str, np.ndarray], theirs: Mapping[str, np.ndarray]) -> Agreement:
    """Of answers {name: array}; tokens beyond the shorter of the two are padding."""
    rows, same = [], True
    for name, expected in theirs.items():
        found = np.asarray(ours[name], np.float64)
        if expected.ndim > 1 and found.shape != expected.shape:
            count = min(found.shape[1], expected.shape[1])
            found, expected = found[:, :count], expected[:, :count]
        rows.append((found.ravel(), np.asarray(expected, np.float64).ravel()))
        same &= np.array_equal(_labels(name, found), _labels(name, expected))
    return Agreement(_cosine(*map(np.concatenate, zip(*rows, strict=True))), bool(same))


def run(session: ort.InferenceSession, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One answer {name: float64 array}."""
    return {k: np.asarray(v, np.float64) for k, v in sessions.run(session, feeds).items()}


def no_number(model: onnx.ModelProto, feeds: Mapping[str, np.ndarray]) -> list[str]:
    """Names of inner values that ONNX Runtime has NaN in: ONNX does not say what they round to."""
    session = sessions.open_session(graphs.with_inner_values(model))
    return [name for name, value in sessions.run(session, feeds).items()
            if value.dtype.kind == "f" and np.isnan(value).any()]


def noise(model: onnx.ModelProto, all_feeds: Sequence[Mapping[str, np.ndarray]]) -> list[Agreement]:
    """The file's noise on each input: Agreement with itself, the median over SEEDS."""
    plain = sessions.open_session(model)
    expected = [run(plain, feeds) for feeds in all_feeds]
    noisy = [sessions.open_session(graphs.with_noise(model, seed)) for seed in SEEDS]
    found = []
    for feeds, right in zip(all_feeds, expected, strict=True):
        seen = [agreement(run(session, feeds), right) for session in noisy]
        found.append(Agreement(float(np.median([s.cosine for s in seen])),
                               sum(s.label for s in seen) > len(seen) / 2))
    return found
