# SPDX-License-Identifier: Apache-2.0
"""The units of mpcc-runtime: verified, and run by the systemd of trees of Debian 12 and 13."""

import json
import pathlib
import re

import pytest

from tools.lib import private_run, roots

_UNITS = [*(f"mpcc-party@{role}.service" for role in range(3)),
          "mpcc-questions.socket", "mpcc-answers.socket"]
_RUN = """[Unit]
After=multi-user.target
[Service]
ExecStart=/in_systemd.sh
[Install]
WantedBy=multi-user.target
"""


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def root(request, packages, tmp_path_factory):
    made = roots.Root(roots.base(request.param, "systemd", "dbus"),
                      tmp_path_factory.mktemp(request.param))
    made.put(packages[0], "/mpcc-runtime.deb")
    made.install("/mpcc-runtime.deb")
    return made


def test_the_units_are_right_and_confined(root):
    assert not root.run("systemd-analyze", "verify", "--man=no", *_UNITS).strip()
    for unit in _UNITS[:3]:
        said = root.run("systemd-analyze", "security", "--offline=true", unit)
        exposure = re.search(r"exposure level for \S+: ([\d.]+)", said)
        print(said.splitlines()[-1])
        assert exposure and float(exposure.group(1)) < 2


@pytest.fixture(scope="module")
def seen(root, model, tmp_path_factory):
    """The folder that in_systemd.sh fills."""
    plans = tmp_path_factory.mktemp("plans")
    private_run.compile_model(model, plans, 16)
    root.put(plans, "/plans")
    root.write("/ids.json", json.dumps({"input_ids": list(range(1, 10))}) + "\n")
    root.put(pathlib.Path(__file__).with_name("in_systemd.sh"), "/in_systemd.sh")
    root.write("/etc/systemd/system/mpcc-test.service", _RUN)
    root.run("systemctl", "enable", "mpcc-test.service")
    root.run("mpcc-admin", "keygen", "/keys")
    root.path("/seen").mkdir()
    console = root.boot(roots.base("bookworm", "systemd-container"),
                        tmp_path_factory.mktemp("nspawn"), 180)
    print(console[-2000:])
    for log in ("log", "journal"):
        if (path := root.path(f"/seen/{log}")).exists():
            print(path.read_text(encoding="utf-8", errors="replace"))
    return root.path("/seen")


def _lines(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def test_each_party_runs_as_its_user_and_can_do_nothing_else(seen):
    uids = set()
    for role in range(3):
        status = dict(re.findall(r"^(\w+):\s+(.*)$", (seen / f"status{role}").read_text(),
                                 re.MULTILINE))
        uids |= set(status["Uid"].split())
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert int(status["VmLck"].split()[0]) > 0
        limits = (seen / f"limits{role}").read_text()
        assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.MULTILINE)
        mounts = [line.split() for line in _lines(seen / f"mounts{role}")]
        writable = {mount[4] for mount in mounts if "rw" in mount[5].split(",")}
        assert "/" not in writable and f"/var/lib/mpcc/party{role}" in writable
        assert _lines(seen / f"state{role}") == [f"700 mpcc{role}"]
    assert len(uids) == 3 and "0" not in uids
    assert not _lines(seen / "key_of_asker")
    assert "may not be locked" not in (seen / "journal").read_text()


def test_questions_are_answered_after_a_kill_and_an_upgrade_too(seen):
    lines = [json.loads(line) for line in _lines(seen / "answers")]
    assert lines[0]["ready"]
    answers = [line["outputs"] for line in lines if "outputs" in line]
    assert len(answers) >= 5 and all(answer == answers[0] for answer in answers)
    assert int(_lines(seen / "restarts2")[0]) >= 1
    pids = _lines(seen / "pids")
    assert len(set(pids)) == 6 and "0" not in pids
    assert _lines(seen / "failed") == ["inactive"] * 3
