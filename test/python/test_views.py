# SPDX-License-Identifier: Apache-2.0
"""What P1 and P2 see of a whole model is uniform, for two inputs and two models."""

import subprocess

import onnx
import pytest
import twins

from tools.lib import private_run

# A bit that never changes is found, two bits that tell each other, and a lean of one in a thousand
# of all bits of an operation that has a million (test/privacy/uniformity.h).
_VIEWS = 64


@pytest.fixture(scope="module", name="plans")
def _plans(model_path, tmp_path_factory):
    folders = []
    for seed in (1, 2):
        folder = tmp_path_factory.mktemp("model")
        onnx.save(twins.twin(onnx.load(model_path("bert-tiny-w1a4")), seed), folder / "model.onnx")
        private_run.compile_model(folder / "model.onnx", folder / "plans", 2)
        folders.append(folder / "plans")
    return folders


@pytest.mark.parametrize("model, question", [(0, 5), (1, 6)])
def test_views_of_a_whole_model_are_uniform(plans, model, question):
    done = subprocess.run(
        [private_run.BIN / "model-views", plans[model], str(question), str(_VIEWS)],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 suspicions") == 2
