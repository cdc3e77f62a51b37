# SPDX-License-Identifier: Apache-2.0
"""The wheel in a tree of Debian 13, which has Python and nothing of mpcc's."""

import os
import pathlib
import subprocess
import sys

import pytest

from tools.lib import roots

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_NEEDED = ["numpy", "tokenizers", "tqdm", "nanobind-backend>=1,<2"]

_USE = """
import time
begin = time.perf_counter()
import mpcc
print("imported in", round(time.perf_counter() - begin, 2), "s")
import numpy, sys
plans = mpcc.compile("/model.onnx", 16)
ids = numpy.array([[1, 8, 15, 22]])
with mpcc.simulate(plans) as simulated, mpcc.local(plans) as private:
    for name, values in simulated(input_ids=ids).items():
        answer = private.infer({"input_ids": ids[0]}).outputs[name]
        assert abs(answer - values).max() < .1, (answer, values)
print("answered with Python", sys.version.split()[0], mpcc.__version__)
"""


@pytest.fixture(scope="module")
def wheel():
    """MPCC_WHEEL if it is set, otherwise built."""
    if given := os.environ.get("MPCC_WHEEL"):
        return pathlib.Path(given)
    made = subprocess.run([_ROOT / "tools/wheel"], check=True, capture_output=True, text=True)
    return _ROOT / made.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def root(wheel, model, tmp_path_factory):
    """A tree with an environment of Python, the wheel and, for one without a network, the
    packages that it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    packages = folder / "packages"
    got = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "-d", packages, "--python-version", "3.13",
         "--only-binary=:all:", *_NEEDED], capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip("no package index to get numpy and tokenizers from")
    made = roots.Root(roots.base("trixie", "python3-venv"), folder / "tree")
    made.put(packages, "/packages")
    made.put(wheel, f"/packages/{wheel.name}")
    made.put(model, "/model.onnx")
    made.run("python3", "-m", "venv", "/venv")
    return made


def test_it_is_installed_and_answers(root, wheel):
    took = root.run("bash", "-c", "TIMEFORMAT='%R s'; time /venv/bin/pip install -q --no-index "
                    f"--find-links /packages /packages/{wheel.name}")
    root.write("/use.py", _USE)
    said = root.run("/venv/bin/python", "/use.py")
    print(f"{wheel.stat().st_size / 1e6:.1f} MB, installed in {took.split()[-2]} s, {said}")
    assert "answered with Python 3.13" in said
    linked = root.run("bash", "-c", "ldd /venv/lib/python3*/site-packages/mpcc/bin/*")
    assert "libMLIR" not in linked and "not found" not in linked
    for program in ("mpcc", "mpcc-local", "mpcc-party"):
        assert root.run(f"/venv/bin/{program}", "--version").startswith(f"{program} ")
