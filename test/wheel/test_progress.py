# SPDX-License-Identifier: Apache-2.0
"""What takes long says how far it is."""

import mpcc
import pytest
from conftest import MODEL
from mpcc._waiting import Progress, interruptible


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


class _NeverStopped:
    def request(self):
        raise AssertionError("nobody interrupts")


@pytest.mark.parametrize("show, shown", [(True, True), (None, False), (False, False)])
def test_what_is_too_quick_to_be_drawn_is_told_at_its_end(show, shown, capfd):
    progress = Progress(show)

    def quick():
        progress.tell("inference", 0, 3, "layers")
        progress.tell("", 0, 0, "")

    interruptible(_NeverStopped(), quick, progress=progress)
    assert ("inference" in capfd.readouterr().err) == shown
    interruptible(_NeverStopped(), lambda: None, progress=progress)
    assert capfd.readouterr().err == ""  # of another call
