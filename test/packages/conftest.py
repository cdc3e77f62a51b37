# SPDX-License-Identifier: Apache-2.0
"""Packages of Debian, and file trees to install them in: tools/check packages."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.lib import roots  # noqa: E402


def pytest_collection_modifyitems(items):
    if why := roots.reason():
        for item in items:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def packages():
    """Paths of mpcc-runtime and mpcc: below MPCC_PACKAGES, or built."""
    folder = pathlib.Path(os.environ.get("MPCC_PACKAGES", ROOT / "dist"))
    if "MPCC_PACKAGES" not in os.environ:
        subprocess.run([ROOT / "tools/package"], check=True)
    runtime, = folder.glob("mpcc-runtime_*.deb")
    compiler, = folder.glob("mpcc_*.deb")
    return runtime, compiler


@pytest.fixture(scope="session")
def model():
    from tools.models import registry

    return pathlib.Path(registry.make("bert-test-w8a8", ROOT / ".cache/models"))
