# SPDX-License-Identifier: Apache-2.0
"""The wheel: built, installed in a clean virtual environment, and used there by test/wheel."""

import os
import pathlib
import subprocess
import sys

import pytest

from test_model_folders import write_float_folder
from tools.models import texts

_ROOT = pathlib.Path(__file__).resolve().parents[2]


def _run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)


@pytest.fixture(scope="module")
def wheel():
    """MPCC_WHEEL if it is set, otherwise built from the sources as they are."""
    if given := os.environ.get("MPCC_WHEEL"):
        return pathlib.Path(given)
    if _run(_ROOT / "tools/setup", "--wheel").returncode:
        pytest.skip("the packages that build a wheel cannot be installed: no package index?")
    built = _run(_ROOT / "tools/wheel")
    assert built.returncode == 0, built.stdout
    return _ROOT / built.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of an environment that has the wheel, and what its tests need."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    assert _run("/usr/bin/python3", "-m", "venv", folder).returncode == 0
    if _run(folder / "bin/pip", "install", "-q", "numpy", "tokenizers", "tqdm").returncode:
        pytest.skip("no package index to install numpy and tokenizers from")
    done = _run(folder / "bin/pip", "install", "-q", wheel, "pytest", "matplotlib", "pandas")
    assert done.returncode == 0, done.stdout
    return folder / "bin/python"


def test_the_trainer_trains_where_its_extra_is(python, small_teacher, lines, tmp_path):
    """The extra's packages are those of this test's own environment."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path),
                   "PYTHONPATH": os.pathsep.join(path for path in sys.path if "-packages" in path)}
    done = _run(python.parent / "mpcc-train", "--teacher", small_teacher, "--text", lines, "--out",
                tmp_path / "student.onnx", "--steps", "6", "--batch", "8", "--longest", "32",
                "--dense", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout
    assert "integers equal to ONNX Runtime's" in done.stdout
    assert (tmp_path / "student.onnx").exists()


def test_the_wheel_holds_licences_and_no_library_of_the_system(wheel):
    listing = _run(sys.executable, "-m", "zipfile", "-l", wheel).stdout
    assert "cp311-abi3-manylinux_2_36_x86_64" in wheel.name
    for licence in ("LICENSE", "libonnx1.copyright", "libmlir-19-dev.copyright"):
        assert f"licenses/{licence}" in listing, listing


def test_the_module_and_the_commands_work_where_nothing_else_is_installed(python, tmp_path):
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(tmp_path),
                   "MPCC_TEST_MODEL": str(_ROOT / "models/minilm-w1a4.onnx"),
                   "MPCC_TEST_TOKENIZER": str(texts.weights_folder()),
                   "MPCC_TEST_FOLDER": str(write_float_folder(tmp_path / "folder")),
                   "MPCC_TEST_DOCS": str(_ROOT / "docs")}
    done = _run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
                _ROOT / "test/wheel", cwd=tmp_path, env=environment)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
