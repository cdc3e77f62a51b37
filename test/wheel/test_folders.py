# SPDX-License-Identifier: Apache-2.0
"""From a model's folder to a private answer; the folder has a small encoder of floats."""

import json
import os
import shutil
import warnings

import mpcc
import numpy as np
import pytest

FOLDER = os.environ["MPCC_TEST_FOLDER"]
TEXTS = ["Where is the bank of the river?", "Good morning", "The bank is closed", "Who owns it?",
         "a text", "An owner of a boat on the river", "closed", "It is open in the morning"]


@pytest.fixture(scope="module")
def folder_plans():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mpcc.compile(FOLDER, 16, calibrate=TEXTS, digits=2)


@pytest.fixture
def copied(tmp_path):
    """A copy, to change."""
    return shutil.copytree(FOLDER, tmp_path / "folder")


def test_a_folder_of_floats_becomes_plans_that_say_so(folder_plans, tmp_path):
    report = folder_plans.report
    assert f"model: {FOLDER}/onnx/model.onnx\npooling of tokens: mean, length 1\n" in report
    assert "quantized to 8 bits" in report
    with mpcc.simulate(folder_plans) as private:
        vectors = private.encode(TEXTS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=0.03)
    assert folder_plans.verify(TEXTS).least_cosine > 0.98
    assert folder_plans.save(tmp_path / "saved").verify(TEXTS[:2]).least_cosine > 0.98


def test_results_have_the_digits_that_are_asked_for(folder_plans):
    with mpcc.simulate(folder_plans) as private:
        vectors = private.encode(TEXTS[:3]).astype(np.float64)
    steps = 128 * vectors  # of the first power of two below 0.01
    assert np.abs(steps - np.rint(steps)).max() < 1e-4
    assert len(np.unique(vectors)) > 5
    assert "2 digits after the point" in folder_plans.report


def test_digits_are_told_by_result_or_all(folder_plans):
    [name] = folder_plans.verify(TEXTS[:1]).report["answers"][:1]
    common = {"calibrate": TEXTS, "seq_len": 16}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "1 digit after the point" in mpcc.compile(
            FOLDER, digits={name["result"]: 1}, **common).report
        assert "digits" not in mpcc.compile(FOLDER, digits="all", **common).report
    with pytest.raises(mpcc.CompileError, match="digits is '17'; accepted: .*correct digits$"):
        mpcc.compile(FOLDER, digits=17, **common)


def test_a_model_of_floats_asks_for_texts():
    with pytest.raises(mpcc.CompileError, match="no inputs; .*remedy: give some with calibrate"):
        mpcc.compile(FOLDER, 16)


def test_options_are_named_as_python_does(copied):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(mpcc.CompileError, match="give seq_len=128 or shapes=") as caught:
            mpcc.compile(f"{FOLDER}/onnx/model.onnx")
        assert not [text for text in caught.value.problems if "--" in text]
    (copied / "onnx/model.onnx").rename(copied / "onnx/model_O1.onnx")
    shutil.copy(copied / "onnx/model_O1.onnx", copied / "onnx/model_O2.onnx")
    with pytest.raises(mpcc.CompileError, match="with file: onnx/model_O1.onnx, onnx/model_O2"):
        mpcc.compile(copied, 16, calibrate=TEXTS)


def test_what_contradicts_the_folder_is_a_warning():
    with pytest.warns(mpcc.CompilerWarning, match="mean pooling, and pool='cls' counts"):
        plans = mpcc.compile(FOLDER, 16, calibrate=TEXTS, pool="cls", normalize=False)
    assert "pooling of tokens: cls\n" in plans.report


def test_modules_that_are_not_added_are_refused(copied):
    (copied / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_max_tokens": True}),
                                                  encoding="utf-8")
    accepted = "mean, mean_sqrt_len_tokens and cls pooling"
    with pytest.raises(mpcc.CompileError, match=f"max pooling.*accepted: {accepted}"):
        mpcc.compile(copied, 16, calibrate=TEXTS)


def test_long_texts_to_calibrate_with_are_cut_when_asked():
    long = [*TEXTS, "river " * 40]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(mpcc.CompileError, match="truncation=True"):
            mpcc.compile(FOLDER, 16, calibrate=long)
        assert mpcc.compile(FOLDER, 16, calibrate=long, truncation=True).seq_lens == [16]


def test_texts_are_lowered_where_the_folder_says_so(copied):
    tokenizer = json.loads((copied / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    (copied / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")

    def ids():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plans = mpcc.compile(copied, 16, calibrate=TEXTS)
        return [sample["input_ids"] for sample in plans.tokenizer.encode(["GOOD", "good"])]

    assert ids()[0] != ids()[1]
    (copied / "sentence_bert_config.json").write_text('{"do_lower_case": true}', encoding="utf-8")
    assert ids()[0] == ids()[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plans = mpcc.compile(copied / "onnx/model.onnx", 16, calibrate=TEXTS, quantize=True,
                             pool="mean", tokenizer=copied)
    upper, lower = plans.tokenizer.encode(["GOOD", "good"])
    assert upper == lower
