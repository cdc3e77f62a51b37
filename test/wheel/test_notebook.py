# SPDX-License-Identifier: Apache-2.0
"""The notebook in docs/, cell by cell, on fewer texts."""

import json
import os
import pathlib

import matplotlib

DOCS = pathlib.Path(os.environ["MPCC_TEST_DOCS"])


def test_the_notebook_runs_and_draws_its_picture(model_folder, monkeypatch):
    matplotlib.use("agg")
    monkeypatch.setenv("MPCC_SOURCE", str(DOCS.parent))
    monkeypatch.setenv("MPCC_FOLDER", str(model_folder))
    monkeypatch.setenv("MPCC_TEXTS", "6")
    cells = json.loads((DOCS / "neighbours.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert names["vectors"].shape == (6, 384)
    assert (names["nearest"] != range(6)).all()
    assert len(names["axes"].lines) == 6
