# SPDX-License-Identifier: Apache-2.0
"""Private answers to many inputs, with a progress bar."""

import json
import pathlib
import tempfile
from collections.abc import Iterable, Sequence

import numpy as np
from rich import console, progress

from tools.lib import private_run

_BATCH = 20  # inputs to one set-up of the parties, so that progress shows


def answers(plans: private_run.Path, inputs: Sequence[dict], screen: console.Console,
            *options: str) -> list[dict]:
    """The answer to each of `inputs` (token ids, mask, types as lists), as run_parties gives it.

    `options` are of mpcc-local.
    """
    found: list[dict] = []
    with tempfile.TemporaryDirectory() as folder, progress.Progress(console=screen) as bar:
        files = [pathlib.Path(folder) / f"{i}.json" for i in range(len(inputs))]
        for path, encoded in zip(files, inputs, strict=True):
            path.write_text(json.dumps(encoded), encoding="utf-8")
        task = bar.add_task("private runs", total=len(files))
        for start in range(0, len(files), _BATCH):
            found += private_run.run_parties(plans, files[start : start + _BATCH], *options)
            bar.update(task, completed=len(found))
    return found


def embeddings(found: Iterable[dict]) -> np.ndarray:
    """The only output of each answer, as rows."""
    rows = []
    for answer in found:
        (output,) = answer["outputs"].values()
        rows.append(np.asarray(output["values"], np.float64))
    return np.stack(rows)
