# SPDX-License-Identifier: Apache-2.0
"""What takes long says how far it is."""

import mpcc
import pytest
from conftest import MODEL


def test_compiling_and_verifying_tell_what_they_do(capfd):
    plans = mpcc.compile(MODEL, 8, show_progress_bar=True)
    assert "compiling: " in capfd.readouterr().err
    plans.verify([{"input_ids": [101, 102]}], show_progress_bar=True)
    assert "compiling: " in capfd.readouterr().err


def test_nothing_is_shown_where_nobody_looks(capfd):
    mpcc.compile(MODEL, 8)
    assert capfd.readouterr().err == ""


def test_a_party_tells_whom_it_waits_for(plans, tmp_path, capfd):
    for party, (owner, others) in enumerate([(mpcc.ModelOwner, "P1 and P2"),
                                             (mpcc.DataOwner, "P0 and P2"),
                                             (mpcc.Assistant, "P0 and P1")]):
        made = owner(plans.path(party), peers="127.0.0.1:1,127.0.0.1:1,127.0.0.1:1",
                     listen="127.0.0.1:0", insecure=True, state=tmp_path / str(party), timeout=1,
                     show_progress_bar=True)
        with pytest.raises(mpcc.errors.Unavailable):
            made.set_up()
        assert f"waiting for {others}" in capfd.readouterr().err


def test_set_up_and_an_inference_of_local_parties_are_told(plans, capfd):
    with mpcc.local(plans, show_progress_bar=True) as private:
        private.infer(plans.tokenizer.encode(["Good morning"])[0])
    said = capfd.readouterr().err
    assert "waiting for P0 and P2" in said or "set-up" in said
    assert "inference" in said
