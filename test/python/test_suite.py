# SPDX-License-Identifier: Apache-2.0
"""Files of the kinds that users bring, against ONNX Runtime: see docs/onnx.md, The suite."""

import json
import pathlib
import subprocess

import onnx
import pytest

from tools.lib import private_run
from tools.suite import cases, matrix, measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / "test/suite"
FILES = measure.read_index(SUITE)
# By verdict: name of a file that is not right, and why. A file may do better than is known.
KNOWN = json.loads((SUITE / "known.json").read_text(encoding="utf-8"))
DOCUMENT = ROOT / "docs/onnx.md"


def _measured(calibrate):
    found = measure.measure_all(FILES, calibrate)
    print(f"\ncalibrate: {calibrate}\n" + "\n".join(map(measure.line, found.values())))
    return found


@pytest.fixture(scope="module")
def results():
    """With calibration on other inputs than are asked."""
    return _measured(calibrate=True)


@pytest.fixture(scope="module")
def uncalibrated():
    return _measured(calibrate=False)


def test_the_index_lists_every_file_and_none_is_large():
    stored = {path.stem for path in SUITE.glob("*.onnx")}
    assert stored == {file.name for file in FILES} == {case.name for case in cases.cases()}
    assert max(file.path.stat().st_size for file in FILES) <= 60_000


def test_what_is_known_is_of_files_that_exist():
    names = {file.name for file in FILES}
    assert all(set(known) <= names for known in KNOWN.values())


def _beyond(results, verdict):
    """Lines of the files of a verdict that KNOWN lists neither under it nor under refused."""
    known = KNOWN.get(verdict, {}).keys() | KNOWN["refused"].keys()
    return [measure.line(r) for n, r in results.items() if r.verdict == verdict and n not in known]


@pytest.mark.parametrize("verdict", ["broken", "refused", "wrong", "unstable"])
def test_only_known_files_are(results, verdict):
    assert not _beyond(results, verdict)


def test_only_known_files_are_warned_of_without_inputs(uncalibrated):
    found = {name for name, r in uncalibrated.items() if r.accepted and r.warned}
    assert not found - set(KNOWN["warned"]) - KNOWN["refused"].keys()


def test_files_without_an_answer_are_refused(results):
    """They compute with NaN, of which ONNX does not say what it rounds to."""
    assert {results[name].verdict for name in KNOWN["broken"]} == {"broken"}


@pytest.mark.parametrize("name", [file.name for file in FILES
                                  if file.name.endswith(("padded", "prepared"))])
def test_files_are_right_where_nothing_is_padded(name, tmp_path):
    """Steps that hold what masks add make all scores zero, and calibration sees nothing else."""
    ids = [2, 17, 45, 9, 63, 88, 33, 3]
    samples = tmp_path / "ids.jsonl"
    samples.write_text(json.dumps(ids), encoding="utf-8")
    found = private_run.verify(SUITE / f"{name}.onnx", [{"input_ids": ids}], len(ids),
                               "--calibrate", str(samples))
    assert found["least_cosine"] > 0.98


def test_of_files_that_are_right_few_are_warned_of_without_inputs(uncalibrated):
    right = [r for r in uncalibrated.values() if r.verdict == "right"]
    assert sum(r.warned for r in right) <= 0.1 * len(right)


def test_of_each_kind_most_are_accepted(results):
    kinds = {}
    for r in results.values():
        if r.verdict != "broken":
            kinds.setdefault(r.file.quantizer, []).append(r.accepted)
    assert {kind: a for kind, a in kinds.items() if sum(a) < 0.8 * len(a)} == {}


def test_the_document_has_the_matrix():
    text = matrix.tables(FILES, KNOWN)
    assert f"{matrix.BEGIN}\n{text}\n{matrix.END}" in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.skipif(not (ROOT / ".venv-models/.mpcc-stamp").exists(),
                    reason="tools/setup --models has not been run")
@pytest.mark.parametrize("name", cases.REMADE)
def test_files_can_be_made_again(name, tmp_path):
    subprocess.run([ROOT / "tools/make-suite", "--out", tmp_path, name], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)
    made, stored = (onnx.load(folder / f"{name}.onnx") for folder in (tmp_path, SUITE))
    assert made == stored
