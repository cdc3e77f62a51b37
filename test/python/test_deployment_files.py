# SPDX-License-Identifier: Apache-2.0
"""Units and the compose file, as far as they can be looked at without root (else test/packages)."""

import re
import shutil
import subprocess

import pytest
import yaml

from tools.lib import private_run

_UNITS = private_run.ROOT / "tools/debian"
_COMPOSE = yaml.safe_load(
    (private_run.ROOT / "tools/container/compose.yaml").read_text(encoding="utf-8"))


def test_no_two_companies_share_a_network():
    networks = {name: set(that["networks"]) for name, that in _COMPOSE["services"].items()}
    assert set().union(*networks.values()) == set(_COMPOSE["networks"])
    parties = [networks[f"party{role}"] for role in range(3)]
    assert all(len(own) == 1 for own in parties) and len(set.union(*parties)) == 3
    assert all(that["internal"] for that in _COMPOSE["networks"].values())


def test_every_service_is_confined():
    for that in _COMPOSE["services"].values():
        assert that["read_only"] and that["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in that["security_opt"]


def test_the_programs_know_the_options_that_are_given():
    manual = subprocess.run([private_run.BIN / "mpcc-party", "--man"], capture_output=True,
                            text=True, check=True).stdout.replace("\\-", "-")
    unit = (_UNITS / "mpcc-party@.service").read_text(encoding="utf-8")
    start = re.search(r"^ExecStart=(.*?)(?<!\\)\n", unit, re.MULTILINE | re.DOTALL).group(1)
    given = [start, *(" ".join(_COMPOSE["services"][f"party{role}"]["command"])
                      for role in range(3))]
    for line in given:
        options = re.findall(r"(--[a-z-]+)", line)
        assert options and all(option in manual for option in options), line


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_units_are_right(tmp_path):
    names = [*(f"mpcc-party@{role}.service" for role in range(3)), "mpcc-questions.socket",
             "mpcc-answers.socket"]
    for unit in (*_UNITS.glob("*.service"), *_UNITS.glob("*.socket")):
        text = unit.read_text(encoding="utf-8").replace("/usr/bin/mpcc-party", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    drop_in = tmp_path / "mpcc-party@1.service.d/questions.conf"
    drop_in.parent.mkdir()
    drop_in.write_bytes((_UNITS / drop_in.name).read_bytes())
    for role in range(3):
        (tmp_path / names[role]).symlink_to("mpcc-party@.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "mpcc" not in done.stderr, done.stderr
