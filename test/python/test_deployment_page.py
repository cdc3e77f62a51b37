# SPDX-License-Identifier: Apache-2.0
"""What docs/deployment.md says to type works."""

import re
import shutil
import subprocess

import pytest

from tools.lib import private_run
from tools.lib.parties import free_ports

_PAGE = (private_run.ROOT / "docs/deployment.md").read_text(encoding="utf-8")


def _block(word):
    """The first block of commands that has a word."""
    return next(block for block in re.findall(r"```\n(.*?)```", _PAGE, re.DOTALL) if word in block)


@pytest.fixture
def keys(tmp_path):
    """A folder with what three parties and an authority make by the commands of the page."""
    folder = tmp_path / "keys"
    folder.mkdir()
    authority, rest = _block("openssl").split("# P1", 1)
    rest = "# P1" + rest
    script = authority + "".join(rest.replace("party1", f"party{role}").replace(
        "party-1", f"party-{role}") for role in range(3))
    done = subprocess.run(["bash", "-euc", script], cwd=folder, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_parties_make_their_own_keys_and_an_authority_signs_them(keys, model_path, tmp_path):
    said = subprocess.run([private_run.BIN / "mpcc", "doctor", "--keys", keys],
                          capture_output=True, text=True, check=False)
    assert said.returncode == 0 and said.stdout.count("certificate") >= 3, said.stdout
    private_run.compile_model(model_path("bert-test-w1a4"), tmp_path / "plans", 16)
    peers = ",".join(f"127.0.0.1:{port}" for port in (*free_ports(2), 1))
    parties = [subprocess.Popen(
        [private_run.BIN / "mpcc-party", "--role", str(role), "--plan",
         tmp_path / f"plans/party{role}.plan", "--peers", peers, "--state",
         tmp_path / f"state{role}", "--ca", keys / "ca.crt", "--cert", keys / f"party{role}.crt",
         "--key", keys / f"party{role}.key", "setup"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for role in range(3)]
    for party in parties:
        text, _ = party.communicate(timeout=120)
        assert party.returncode == 0, text


def test_the_options_that_it_names_are_there():
    helps = {program: subprocess.run([private_run.BIN / program, "--man"], capture_output=True,
                                     text=True, check=True).stdout.replace("\\-", "-")
             for program in ("mpcc", "mpcc-local", "mpcc-party")}
    helps["mpcc-admin"] = helps["mpcc"]
    for line in re.findall(r"^mpcc\S* .*$", _PAGE, re.MULTILINE):
        program = line.split()[0]
        for option in re.findall(r" (--[a-z-]+)", line.partition("#")[0]):
            assert option in helps[program], f"{option} in '{line}'"
