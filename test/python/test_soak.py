# SPDX-License-Identifier: Apache-2.0
"""A service that loses parties and finds them again answers right and does not grow."""

import pathlib

from tools.lib.soak import soak


def test_a_service_that_loses_parties_answers_right_and_does_not_grow(model_path, tmp_path):
    done = soak(pathlib.Path(model_path("bert-test-w1a4")), tmp_path, 60)
    assert done.faults == []
    assert done.answers == 60 and done.cuts > 3 and done.kills > 0
