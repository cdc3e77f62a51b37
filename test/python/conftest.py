# SPDX-License-Identifier: Apache-2.0
"""Models made once per test run, in the same cache that the tools use."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from small_teacher import distilled, lines, small_teacher  # noqa: E402, F401 (fixtures)


@pytest.fixture(scope="session")
def model_path():
    """Path of a named model."""
    from tools.models import registry

    return lambda name: str(registry.make(name, ROOT / ".cache/models"))
