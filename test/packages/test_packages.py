# SPDX-License-Identifier: Apache-2.0
"""The packages in trees of Debian 12 and 13: installed, used, removed."""

import json
import subprocess

import numpy as np
import pytest

from tools.lib import roots
from tools.models import oracle

_IDS = [1 + 7 * i % 90 for i in range(9)]


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def suite(request):
    return request.param


@pytest.fixture(scope="module")
def root(suite, packages, tmp_path_factory):
    """A tree with the runtime alone."""
    made = roots.Root(roots.base(suite), tmp_path_factory.mktemp(suite))
    for package in packages:
        made.put(package, f"/packages/{package.name}")
    made.install(f"/packages/{packages[0].name}")
    return made


def _field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], capture_output=True, text=True,
                          check=True).stdout.strip()


def test_the_packages_say_what_they_need(packages):
    runtime, compiler = packages
    version = _field(runtime, "Version")
    assert f"mpcc-runtime (= {version})" in _field(compiler, "Depends")
    for package in packages:
        depends = _field(package, "Depends")
        assert "libssl3" in depends and "libc6 (>=" in depends
        for brought in ("absl", "fmt", "spdlog", "onnx", "llvm", "mlir"):
            assert brought not in depends.lower(), depends


def test_the_runtime_is_whole_without_the_compiler(root, packages):
    version = _field(packages[0], "Version")
    for program in ("mpcc-admin", "mpcc-local", "mpcc-party"):
        assert root.run(program, "--version") == f"{program} {version}\n"
        assert "not found" not in root.run("ldd", f"/usr/bin/{program}")
        for made in (f"man/man1/{program}.1", f"bash-completion/completions/{program}"):
            assert root.run("cat", f"/usr/share/{made}")
    assert "mpcc" not in root.run("ls", "/usr/bin").split()
    licences = root.run("ls", "/usr/share/doc/mpcc-runtime/licences").split()
    assert {"libspdlog1.10.copyright", "libboost1.74-dev.copyright"} <= set(licences)
    assert root.run("mpcc-admin", "keygen", "/keys").count("\n") == 7
    assert "certificate" in root.run("mpcc-admin", "doctor", "--keys", "/keys")


def test_three_parties_answer_what_onnx_runtime_does(root, packages, model):
    root.install(f"/packages/{packages[1].name}")
    root.put(model, "/model.onnx")
    root.write("/ids.json", json.dumps({"input_ids": _IDS}))
    root.run("mpcc", "compile", "/model.onnx", "--seq-len", "16", "-o", "/plans")
    assert "rounds" in root.run("mpcc-admin", "inspect", "/plans/party1.plan")
    said = root.run("mpcc-local", "--plans", "/plans", "--json", "--input", "/ids.json")
    private = np.array(json.loads(said.splitlines()[-1])["outputs"]["logits"]["values"])
    pad = [0] * (16 - len(_IDS))
    inputs = {"input_ids": _IDS + pad, "attention_mask": [1] * len(_IDS) + pad,
              "token_type_ids": [0] * 16}
    expected = oracle.Oracle(str(model)).run(inputs)["logits"]
    assert np.abs(private.ravel() - np.ravel(expected)).max() < 0.15


def test_nothing_is_left_when_they_go(root):
    root.run("apt-get", "purge", "-y", "-qq", "mpcc-runtime")
    left = root.run("find", "/usr", "/etc", "/lib", "-xdev", "-name", "*mpcc*").split()
    assert not left
