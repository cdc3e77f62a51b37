# SPDX-License-Identifier: Apache-2.0
"""Files of the kinds that users bring, against ONNX Runtime: see docs/onnx.md, The suite."""

import concurrent.futures
import json
import os
import pathlib
import subprocess

import onnx
import pytest

from tools.suite import cases, measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / "test/suite"
FILES = measure.read_index(SUITE)
# What is known not to work yet, by kind of failure: name of a file and why.
KNOWN = json.loads((SUITE / "known.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def results():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda file: measure.measure(file, calibrate=False), FILES))
    print("\n" + "\n".join(map(measure.line, found)))
    return {result.file.name: result for result in found}


def test_the_index_lists_every_file_and_none_is_large():
    stored = {path.stem for path in SUITE.glob("*.onnx")}
    assert stored == {file.name for file in FILES} == {case.name for case in cases.cases()}
    assert max(file.path.stat().st_size for file in FILES) <= 60_000


def test_what_is_known_is_of_files_that_exist():
    names = {file.name for file in FILES}
    assert set(KNOWN["refused"]) <= names and set(KNOWN["wrong"]) <= names


def test_no_accepted_file_is_refused(results):
    refused = {name: r.refused for name, r in results.items() if not r.accepted}
    assert not {n: why for n, why in refused.items() if n not in KNOWN["refused"]}


def test_accepted_stable_files_answer_as_onnx_runtime_does(results):
    wrong = {name: measure.line(r) for name, r in results.items() if r.accepted and not r.right}
    assert not {n: why for n, why in wrong.items()
                if n not in KNOWN["wrong"] and n not in KNOWN["refused"]}


@pytest.mark.skipif(not (ROOT / ".venv-models/.mpcc-stamp").exists(),
                    reason="tools/setup --models has not been run")
@pytest.mark.parametrize("name", cases.REMADE)
def test_files_can_be_made_again(name, tmp_path):
    subprocess.run([ROOT / "tools/make-suite", "--out", tmp_path, name], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)
    made, stored = (onnx.load(folder / f"{name}.onnx") for folder in (tmp_path, SUITE))
    assert made == stored
