# SPDX-License-Identifier: Apache-2.0
"""Compiling, costs, verifying, files."""

import shutil
import subprocess

import mpcc
import pytest
from conftest import MODEL


@pytest.mark.parametrize("program", ["mpcc", "mpcc-local", "mpcc-party", "mpcc-train"])
def test_the_commands_tell_the_version_of_the_module(program):
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.split() == [program, mpcc.__version__]


def test_costs_are_numbers_and_tables(plans):
    costs = plans.cost({"office": "rtt=4ms,bw=400mbit", "wan": "wan"})
    assert [cost.sequence_length for cost in costs] == plans.seq_lens == [8, 16]
    assert costs[0].rounds > 100 and costs[1].material_bytes > costs[0].material_bytes
    assert costs[0].online_seconds["wan"] > costs[0].online_seconds["office"] > 0.1
    assert len(repr(costs).splitlines()) == 3
    assert costs._repr_html_().count("<tr>") == 3
    assert costs[0].row()["online_seconds_wan"] == costs[0].online_seconds["wan"]


def test_a_wrong_network_is_refused_with_what_is_accepted(plans):
    with pytest.raises(mpcc.errors.InvalidArgument, match="rtt"):
        plans.cost({"x": "fast"})


def test_what_the_compiler_suspects_is_a_warning_that_names_the_node(compiled):
    _, caught = compiled
    told = [str(one.message) for one in caught if one.category is mpcc.CompilerWarning]
    assert any("encoder/layer.0/intermediate/MatMul" in text for text in told)
    assert not any("LayerNorm" in text for text in told)
    assert all(one.filename == __file__.replace("test_plans", "conftest") for one in caught)


def test_what_the_compiler_refuses_is_an_exception_with_its_text(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(mpcc.CompileError, match="broken.onnx"):
        mpcc.compile(tmp_path / "broken.onnx", 8)


def test_verify_compares_with_the_model_in_the_clear(plans):
    found = plans.verify(["Good morning", "A bank by the river"])
    assert len(found.answers) == 2
    assert found.least_cosine > 0.9
    assert "2 answers" in repr(found)


def test_saved_plans_are_loaded_with_their_tokenizer(plans, tmp_path):
    plans.save(tmp_path / "saved")
    again = mpcc.load(tmp_path / "saved")
    assert again.seq_lens == plans.seq_lens
    assert again.tokenizer.encode(["Good morning"]) == plans.tokenizer.encode(["Good morning"])
    assert (tmp_path / "saved/party0.plan").stat().st_mode & 0o777 == 0o600
    assert again.verify(["Good morning"]).least_cosine > 0.9


def test_a_missing_or_damaged_plan_is_told_by_its_name(plans, tmp_path):
    with pytest.raises(mpcc.errors.NotFound, match="party0.plan"):
        mpcc.load(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(plans.folder, copy)
    with (copy / "party1.plan").open("r+b") as file:
        file.seek(200)
        file.write(b"xx")
    with pytest.raises(mpcc.errors.DataLoss, match="party1.plan"):
        mpcc.load(copy)


def test_texts_without_a_tokenizer_are_refused():
    with pytest.raises(mpcc.errors.InvalidArgument, match="tokenizer"):
        mpcc.compile(MODEL, 8, calibrate=["a text"])
