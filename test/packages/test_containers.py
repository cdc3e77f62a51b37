# SPDX-License-Identifier: Apache-2.0
"""The container file's steps in trees of Debian, and the compose file on networks of namespaces."""

import json
import os
import pathlib
import subprocess
import sys

import container_files
import pytest

from tools.lib import private_run

_FOLDER = private_run.ROOT / "tools/container"


@pytest.fixture(scope="module")
def images(packages, tmp_path_factory):
    return container_files.build(_FOLDER / "Containerfile", packages[0].parent,
                                 tmp_path_factory.mktemp("images"))


@pytest.fixture(scope="module")
def site(model, images, tmp_path_factory):
    """A folder with the compose file, and each party's folder as docs/deployment.md says."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "compose.yaml").write_bytes((_FOLDER / "compose.yaml").read_bytes())
    private_run.compile_model(model, folder / "plans", 16)
    subprocess.run([private_run.BIN / "mpcc", "keygen", folder / "keys"], check=True,
                   stdout=subprocess.DEVNULL)
    user = int(images["runtime"]["USER"].partition(":")[0])
    for role in range(3):
        (folder / f"party{role}").mkdir(mode=0o700)
        for file in (f"plans/party{role}.plan", "keys/ca.crt", f"keys/party{role}.crt",
                     f"keys/party{role}.key"):
            copy = folder / f"party{role}" / pathlib.Path(file).name
            copy.write_bytes((folder / file).read_bytes())
            copy.chmod(0o600)
            os.chown(copy, user, user)
        os.chown(folder / f"party{role}", user, user)
    return folder


@pytest.fixture(scope="module")
def seen(images, site, tmp_path_factory):
    work = tmp_path_factory.mktemp("work")
    question = json.dumps({"input_ids": list(range(1, 10))}) + "\n"
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child",
         "--mount-proc", "--propagation=private", sys.executable,
         pathlib.Path(__file__).with_name("imitate_compose.py"), site / "compose.yaml",
         json.dumps(images), work, question * 2],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=240)
    for log in sorted(work.glob("log-*")):
        print(f"{log.name}:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_images_run_as_nobody_in_particular(images):
    assert set(images) == {"forward", "runtime"}
    for image in images.values():
        user, _, group = image["USER"].partition(":")
        assert int(user) > 1000 and int(group) > 1000 and image["ENTRYPOINT"]


def test_three_parties_on_three_networks_answer(seen):
    outputs = []
    for lines in seen["answers"]:
        ready, *answers = map(json.loads, lines)
        assert ready["ready"] and len(answers) == 2
        outputs += [answer["outputs"] for answer in answers]
    assert len(outputs) == 4 and all(output == outputs[0] for output in outputs)


def test_a_party_is_confined(seen):
    status, said = seen["health"]
    assert status == 0 and "certificate" in said
    status, said = seen["writes"]
    assert status == 1 and said.count("Read-only file system") == 2
    status, said = seen["reaches"]
    assert status == 1 and "unreachable" in said
