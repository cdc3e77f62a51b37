# SPDX-License-Identifier: Apache-2.0
"""Attacks by many questions on whole models: they find what a clear model's answers tell, no more.

Each attack fits the answers, on half of the questions, by what P1 knows, and is worth as much as it
foretells of the other half. MPCC_ATTACK_MODELS and MPCC_ATTACK_QUESTIONS make it longer.
"""

import dataclasses
import json
import os

import numpy as np
import onnx
import pytest
from test_repeated_questions import State, from_the_answers, vector

from tools.lib import private_run
from tools.models import random_bert, session

_MODELS = int(os.environ.get("MPCC_ATTACK_MODELS", "3"))
_QUESTIONS = int(os.environ.get("MPCC_ATTACK_QUESTIONS", "160"))
_TOKENS, _WORDS = 8, 6  # of a question, and among how many each token is chosen
_MASKS = 32  # bits of P1's masks that an attack looks at
_MASK_SIZE = 0.3
# Student's t at 99.5 % by models: an interval of 99 % on both sides.
_T = {2: 63.66, 3: 9.925, 5: 4.604, 10: 3.250, 20: 2.861}


@dataclasses.dataclass
class _Asked:
    """Questions of one kind to one model, and what P1 has of them afterwards."""

    questions: np.ndarray  # [n, tokens]
    private: np.ndarray  # [n, labels]
    clear: np.ndarray  # the same, of the file in ONNX Runtime
    masks: np.ndarray  # [n, _MASKS], bits of the masks of P1's inputs


def _ask(path, folder, questions):
    (folder / "questions.json").write_text(json.dumps({"input_ids": questions.tolist()}))
    answers = private_run.run_parties(folder / "plans", [folder / "questions.json"], "--insecure",
                                      "--state", str(folder / "state"), "--spin-us", "0")
    [content] = (file.read_bytes() for file in folder.glob("state/**/party1.state"))
    [output] = answers[0]["outputs"]
    numbers = [answer["stats"]["inference"] for answer in answers]
    state, clear = State(content), session.open_session(str(path))
    feeds = [{"input_ids": row[None], "attention_mask": np.ones_like(row[None]),
              "token_type_ids": np.zeros_like(row[None])} for row in questions]
    return _Asked(
        questions, np.array([np.ravel(answer["outputs"][output]["values"]) for answer in answers]),
        np.array([np.ravel(session.run(clear, feed)[output]) for feed in feeds]),
        np.array([vector(state.inference(number), 2, 0, _MASKS) & 1 for number in numbers]))


def _foretold(features, answers):
    """Share of the variance of half of the answers that a line through the others foretells."""
    half = len(answers) // 2
    if not np.ptp(answers, axis=0).any():
        return 0.0
    features = np.hstack([features, np.ones((len(features), 1))])
    seen, other = features[:half], features[half:]
    fit = np.linalg.solve(seen.T @ seen + np.eye(seen.shape[1]), seen.T @ answers[:half])
    left = ((answers[half:] - other @ fit) ** 2).sum()
    return 1 - left / ((answers[half:] - answers[half:].mean(0)) ** 2).sum()


def _by_tokens(asked, answers):
    """From answers alone: the weight of each token at each place."""
    places = np.eye(_WORDS)[asked.questions - 1].reshape(len(answers), -1)
    return _foretold(places, answers)


def _by_the_state(asked, answers):
    """With P1's state: what its masks tell beyond tokens. They are small beside these, so that the
    fit, which keeps weights small, takes little of them for an answer by chance."""
    places = np.eye(_WORDS)[asked.questions - 1].reshape(len(answers), -1)
    return _foretold(np.hstack([places, _MASK_SIZE * (asked.masks - 0.5)]), answers)


def _compiled(seed, folder):
    """Whether the random model of a seed compiles: scores of some reach beyond what a softmax
    takes, and they are refused."""
    config = random_bert.BertConfig(layers=1, hidden=32, heads=2, intermediate=64, vocab=97,
                                    positions=64, labels=2, seed=seed)
    onnx.save(random_bert.make(config), folder / "model.onnx")
    try:
        private_run.compile_model(folder / "model.onnx", folder / "plans", _TOKENS)
    except RuntimeError as refused:
        if "(Softmax): found scores that reach" not in str(refused):
            raise
        return False
    return True


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """For each model the same question again and again, and chosen ones."""
    made = []
    for seed in range(1, 2 * _MODELS + 1):
        if len(made) == _MODELS:
            break
        folder, random = tmp_path_factory.mktemp("attacked"), np.random.default_rng(seed)
        if not _compiled(seed, folder):
            continue
        chosen = random.integers(1, _WORDS + 1, (_QUESTIONS, _TOKENS))
        made.append([_ask(folder / "model.onnx", folder, questions)
                     for questions in (np.repeat(chosen[:1], _QUESTIONS, axis=0), chosen)])
    assert len(made) == _MODELS
    return made


def test_equal_questions_tell_what_the_first_one_told(attacked):
    for equal, _ in attacked:
        assert (equal.private == equal.private[0]).all()
        assert from_the_answers(equal.private) == []
        assert _by_the_state(equal, equal.private) == 0


@pytest.mark.parametrize("attack", [_by_tokens, _by_the_state])
def test_chosen_questions_tell_no_more_than_a_clear_model_does(attacked, attack):
    found = np.array([[attack(chosen, chosen.private), attack(chosen, chosen.clear)]
                      for _, chosen in attacked])
    more = found[:, 0] - found[:, 1]
    width = _T.get(_MODELS, 2.86) * more.std(ddof=1) / np.sqrt(_MODELS)
    print(f"{attack.__name__}: {found.mean(0)} foretold privately and in the clear, "
          f"{more.mean():+.4f} +- {width:.4f} more")
    assert found[:, 1].mean() > 0.1, "the attack finds something"
    assert more.mean() - width <= 0


# The attack with P1's state finds what depends on its masks.
def test_answers_that_follow_masks_are_found(attacked):
    for _, chosen in attacked:
        following = chosen.clear + 3 * chosen.clear.std() * chosen.masks[:, :2]
        gained = _by_the_state(chosen, following) - _by_tokens(chosen, following)
        assert gained > 0.1
