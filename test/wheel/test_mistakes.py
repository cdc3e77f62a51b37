# SPDX-License-Identifier: Apache-2.0
"""What is given wrongly is refused in words that say what to give; nothing is spent for it."""

import subprocess

import mpcc
import numpy as np
import pytest
from conftest import MODEL, TOKENIZER

InvalidArgument, NotFound = mpcc.errors.InvalidArgument, mpcc.errors.NotFound


@pytest.fixture(scope="module")
def simulation(plans):
    with mpcc.simulate(plans) as made:
        yield made


@pytest.mark.parametrize(("inputs", "words"), [
    ({"input_ids": np.array(["a", "b"])}, "input_ids.*integers of shape"),
    ({"input_ids": [[1], [2, 3]]}, "rows of one length"),
    ({"input_ids": np.array([1j])}, "integers of shape"),
    ({"input_ids": np.array([2**63 + 5], np.uint64)}, "64 bits"),
    ({"input_ids": np.array([1.5, 2.5])}, "integers"),
    ({"input_ids": [10**9]}, "ids from 0 to 30521"),
    ({"input_ids": [1, 2], "attention_mask": [1]}, "2 are needed")])
def test_arrays_that_are_no_ids_are_named(simulation, inputs, words):
    with pytest.raises(InvalidArgument, match=words):
        simulation(**inputs)


@pytest.mark.parametrize(("inputs", "words"), [
    ([1, 2], "input 0 is '1'; accepted: texts"),
    (None, "accepted: texts, or dictionaries"),
    ([{}], "input 0"),
    ([{"input_ids": ["a"]}], "no integer"),
    (["a text", {"input_ids": [101]}], "1 of 2 inputs are texts")])
def test_what_is_neither_texts_nor_ids_is_told(simulation, inputs, words):
    with pytest.raises(InvalidArgument, match=words):
        simulation.encode(inputs)


def test_one_sample_stands_for_a_list_of_it(simulation):
    assert simulation.encode({"input_ids": np.array([[101, 102]])}).shape == (1, 384)


def test_labels_are_one_for_each_value(simulation):
    with pytest.raises(InvalidArgument, match="2 labels for results of 384 values"):
        simulation.classify(["a"], labels=["good", "bad"])


def test_arrays_without_names_are_refused(simulation):
    with pytest.raises(InvalidArgument, match="arrays by name"):
        simulation.infer([101, 102])


@pytest.mark.parametrize("seq_len", ["16", 16.0, ["a"], [16.5]])
def test_lengths_are_numbers(seq_len):
    with pytest.raises(InvalidArgument, match="seq_len is .*accepted: a number of tokens"):
        mpcc.compile(MODEL, seq_len)


def test_files_that_are_something_else_are_named(tmp_path):
    with pytest.raises(InvalidArgument, match="minilm.*not a tokenizer.*name a tokenizer.json"):
        mpcc.compile(MODEL, 8, tokenizer=MODEL)
    with pytest.raises(InvalidArgument, match="tokenizer.json"):
        mpcc.compile(MODEL, 8, calibrate=["a text"])
    with pytest.raises(InvalidArgument, match="accepted: texts"):
        mpcc.compile(MODEL, 8, calibrate=[1], tokenizer=TOKENIZER)
    with pytest.raises(NotFound, match="no party0.plan, .* there: name the folder"):
        mpcc.load(tmp_path)


def test_a_folder_without_a_model_says_which_it_has(tmp_path):
    with pytest.raises(mpcc.CompileError, match="export the model"):
        mpcc.compile(tmp_path, 8)
    (tmp_path / "onnx").mkdir()
    for name in ("model_O3.onnx", "model_O4.onnx"):
        (tmp_path / "onnx" / name).touch()
    with pytest.raises(mpcc.CompileError, match="has no model.onnx .* file: onnx/model_O3.onnx, "):
        mpcc.compile(tmp_path, 8)


def test_texts_to_verify_fit_the_plan(plans):
    with pytest.raises(InvalidArgument, match="text 0: 52 tokens"):
        plans.verify(["river " * 50])
    with pytest.raises(InvalidArgument, match="give texts"):
        plans.verify([])


def test_keys_are_made_once(tmp_path):
    mpcc.keygen(tmp_path / "keys")
    (tmp_path / "file").touch()
    for there in ("keys", "file"):
        with pytest.raises(mpcc.errors.FailedPrecondition, match="name another"):
            mpcc.keygen(tmp_path / there)


def test_a_party_that_failed_lets_its_state_go(plans, tmp_path):
    def fail():
        mpcc.DataOwner(plans.path(1), peers=["127.0.0.1:1"] * 3, insecure=True, timeout=0.1,
                       listen="127.0.0.1:0", state=tmp_path / "state").set_up()

    for _ in range(2):
        with pytest.raises(mpcc.errors.Unavailable):
            fail()


@pytest.mark.parametrize("program", ["mpcc-local", "mpcc-party"])
def test_who_stops_reading_help_sees_no_traceback(program):
    said = subprocess.run(["bash", "-c", f"{program} --help | head -n 1"], capture_output=True,
                          text=True, check=True)
    assert "Traceback" not in said.stderr


def test_commands_say_what_a_tokenizer_is(plans):
    for wrong in ("nowhere", MODEL):
        command = ["mpcc-local", "--plans", plans.folder, "--tokenizer", wrong, "--text", "a"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        assert said.returncode == 1 and "tokenizer.json" in said.stderr
        assert "Traceback" not in said.stderr
