# SPDX-License-Identifier: Apache-2.0
"""A question asked again tells nothing new, and what it tells where results are rounded at random.

The attacks know what P1 knows: its state and plan in the first, answers alone in the second.
"""

import collections
import ctypes
import ctypes.util
import hashlib
import hmac
import itertools
import json
import struct

import numpy as np
import pytest
from question_model import HIDDEN, LOW, RING, Answers, Model, ask

from tools.lib import private_run

_TIMES = 400
_DEALT, _INPUT_MASK = 0, 2  # roles of streams


# ---- what P1 derives from its state, as docs/protocol.md says ----


def _aes(key, blocks):
    library = ctypes.CDLL(ctypes.util.find_library("crypto"))
    for name in ("EVP_CIPHER_CTX_new", "EVP_aes_128_ecb"):
        getattr(library, name).restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.EVP_CIPHER_CTX_new())
    cipher, written = ctypes.c_void_p(library.EVP_aes_128_ecb()), ctypes.c_int()
    out = ctypes.create_string_buffer(len(blocks) + 16)
    try:
        assert library.EVP_EncryptInit_ex(context, cipher, None, key, None)
        assert library.EVP_EncryptUpdate(context, out, ctypes.byref(written), blocks, len(blocks))
    finally:
        library.EVP_CIPHER_CTX_free(context)
    return out.raw[: len(blocks)]


class State:
    """P1's state file (docs/material-format.md)."""

    def __init__(self, content):
        self._set, self._seed = content[16:48], content[64:96]

    def _key(self, info):
        secret = hmac.digest(self._set, self._seed, "sha256")
        return hmac.new(secret, info + b"\1", hashlib.sha256).digest()[:16]

    def setup(self):
        return self._key(b"mpcc setup")

    def inference(self, number):
        return self._key(b"mpcc inference" + struct.pack(">IQ", 0, number))


def vector(key, role, stream, count):
    """`count` numbers of RING bits."""
    blocks = range(-(-count * RING // 128))
    text = _aes(key, b"".join(struct.pack(">IIQ", role, stream, block) for block in blocks))
    return np.frombuffer(text[: count * RING // 8], "<u2").astype(np.int64)


def _thresholds(model, answers):
    """[questions, HIDDEN]: the index is rounded up where the low bits reach 2^LOW with these."""
    state = State(answers.state)
    weights = vector(state.setup(), _DEALT, 0, HIDDEN * HIDDEN).reshape(HIDDEN, HIDDEN)
    rows = []
    for number in answers.numbers:
        key = state.inference(number)
        opened = model.question + vector(key, _INPUT_MASK, 0, HIDDEN)
        rows.append(-(opened @ weights + vector(key, _DEALT, 1, HIDDEN)) % (1 << LOW))
    return np.array(rows)


# ---- the attacks: columns of the last layer that they find ----


def _best_cut(thresholds, residual):
    """The cut of one threshold whose two sides differ most in mean."""
    order = np.argsort(thresholds)
    below = np.cumsum(residual[order], axis=0)[:-1]
    n = np.arange(1, len(order))[:, None]
    spread = below / n - (residual.sum(0) - below) / (len(order) - n)
    worth = (n * (len(order) - n) * spread**2).sum(1)
    return thresholds[order[np.argmax(worth) + 1]]


def _columns(rounded_up, values):
    """(columns whose sum over what is rounded up comes nearest to centred values, what is left)."""
    known = rounded_up - rounded_up.mean(0)
    found = np.linalg.lstsq(known, values, rcond=None)[0]
    return found, values - known @ found


def _fit(thresholds, values, random):
    """(largest error, columns): the cut of one unit after the other, the others' being known."""
    centred, cuts = values - values.mean(0), np.full(HIDDEN, 1 << LOW)
    for _ in range(40):
        for unit in random.permutation(HIDDEN):
            others = np.where(np.arange(HIDDEN) == unit, 1 << LOW, cuts)
            left = _columns(thresholds >= others, centred)[1]
            cuts[unit] = _best_cut(thresholds[:, unit], left)
        found, left = _columns(thresholds >= cuts, centred)
        if (error := np.abs(left).max()) < 1e-6:
            break
    return error, found


def from_the_state(model: Model, answers: Answers) -> np.ndarray:
    """[HIDDEN, results]: the last layer, by the thresholds of every rounding."""
    thresholds = _thresholds(model, answers)
    fits = []
    for start in range(12):
        fits.append(_fit(thresholds, answers.values, np.random.default_rng(start)))
        if fits[-1][0] < 1e-6:
            break
    return np.rint(min(fits, key=lambda fit: fit[0])[1])


def from_the_answers(values: np.ndarray) -> list[tuple]:
    """At most HIDDEN columns up to sign, by the commonest differences of different answers."""
    points = sorted(map(tuple, np.unique(values, axis=0)))
    differences = collections.Counter(
        tuple(np.subtract(b, a)) for a, b in itertools.combinations(points, 2))
    return [column for column, _ in differences.most_common(HIDDEN)]


def _known_up_to_sign(model, columns):
    return sum(tuple(s * v for v in row) in columns for row in model.last for s in (1, -1))


# ---- the tests ----


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_random_rounding_gives_the_last_layer_away(seed, tmp_path):
    model = Model(seed)
    answers = ask(model, False, _TIMES, tmp_path, "--allow-leak=rounding-coins")
    assert (from_the_state(model, answers) == model.last).all()
    assert _known_up_to_sign(model, from_the_answers(answers.values)) >= 5


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_exact_answers_are_the_clear_models_and_tell_no_more(seed, tmp_path):
    model = Model(seed)
    answers = ask(model, True, _TIMES, tmp_path)
    assert (answers.values == model.clear()).all()
    assert from_the_answers(answers.values) == []
    assert not from_the_state(model, answers).any()


def _padded(tokens):
    pad = [0] * (16 - tokens)
    return {"input_ids": [1 + 7 * i % 90 for i in range(tokens)] + pad,
            "attention_mask": [1] * tokens + pad, "token_type_ids": [0] * 16}


@pytest.mark.parametrize("model", ["bert-test-w1a4", "bert-test-w8a8", "minilm-layer-w8a8"])
def test_a_whole_model_answers_the_same_bits_as_its_program_means(model_path, tmp_path, model):
    model, questions = model_path(model), [_padded(tokens) for tokens in (3, 9, 16)]
    private_run.compile_model(model, tmp_path / "plans", 16)
    files = [tmp_path / f"{i}.json" for i in range(len(questions))]
    for path, question in zip(files, questions, strict=True):
        path.write_text(json.dumps(question), encoding="utf-8")
    answers = private_run.run_parties(tmp_path / "plans", files, "--repeat", "8")
    [name] = answers[0]["outputs"]
    values = np.array([np.ravel(answer["outputs"][name]["values"]) for answer in answers])
    meant = private_run.verify_model(model, questions, 16)
    assert (values == np.repeat(meant, 8, axis=0)).all()
