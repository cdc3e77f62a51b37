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


def test_views_of_whole_models_are_uniform(plans):
    runs = [subprocess.Popen([private_run.BIN / "model-views", plan, str(question), str(_VIEWS)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for plan, question in zip(plans, (5, 6), strict=True)]
    for run in runs:
        said = run.communicate()[0]
        assert run.returncode == 0, said
        assert said.count(" 0 suspicions") == 2, said
