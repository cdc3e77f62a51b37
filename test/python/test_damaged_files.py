# SPDX-License-Identifier: Apache-2.0
"""Programs on files that are cut, changed, swapped or of hostile sizes, and on bad disks.

MPCC_DAMAGED: how often each file is damaged (8); 0 for every 64th byte and 2,000 changes.
"""

import contextlib
import json
import os
import pathlib
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile

import pytest

from tools.lib import private_run
from tools.lib.parties import free_ports

_TIMES = int(os.environ.get("MPCC_DAMAGED", "8"))
_MEMORY = 1 << 30
_NOBODY = 65534


def _limit():
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


class _Parties:
    def __init__(self, folder):
        self.folder = folder
        self.peers = ",".join(f"127.0.0.1:{port}" for port in (*free_ports(2), 1))

    def command(self, role, *words, **paths):
        """A party's command line; `paths` take the place of plan, state, ca, cert and key."""
        keys = self.folder / "keys"
        files = {"plan": self.folder / f"plans/party{role}.plan",
                 "state": self.folder / f"state{role}", "ca": keys / "ca.crt",
                 "cert": keys / f"party{role}.crt", "key": keys / f"party{role}.key", **paths}
        named = [word for name, path in files.items() for word in (f"--{name}", path)]
        return [private_run.BIN / "mpcc-party", "--role", str(role), "--peers", self.peers, *named,
                *words]

    def run(self, roles, *words, **paths):
        """(exit code, messages) of each role."""
        started = [subprocess.Popen(self.command(role, *words, **paths.get(f"at{role}", {})),
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True) for role in roles]
        texts = [process.communicate(timeout=120)[0] for process in started]
        return [(process.returncode, text) for process, text in zip(started, texts)]


@pytest.fixture(scope="module", name="parties")
def _parties(model_path, tmp_path_factory):
    made = _Parties(tmp_path_factory.mktemp("damaged"))
    shutil.copy(model_path("bert-test-w1a4"), made.folder / "model.onnx")
    private_run.compile_model(made.folder / "model.onnx", made.folder / "plans", 4)
    subprocess.run([private_run.BIN / "mpcc", "keygen", made.folder / "keys"], check=True,
                   capture_output=True)
    (made.folder / "ids.json").write_text("[1, 5]", encoding="utf-8")
    (made.folder / "inputs").mkdir()
    many = json.dumps({"input_ids": [[1, 5, 2], [3, 4]] * 100})
    (made.folder / "inputs/asked.json").write_text(many, encoding="utf-8")
    for code, text in made.run([0, 1, 2], "setup"):
        assert code == 0, text
    return made


def _refused(command, *, names):
    """Ends by itself with exit code 1 and a line that names the file, in bounded memory."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False, preexec_fn=_limit)
    message = done.stdout + done.stderr
    assert done.returncode == 1, (done.returncode, message)
    assert str(names) in message and "memory" not in message, message
    return message


def _cut(content):
    ends = range(0, len(content) - 64, 64)
    if _TIMES:
        ends = {0, *random.Random(1).sample(ends, min(_TIMES, len(ends)))}
    return [content[:end] for end in ends]


def _changed(content):
    generator, found = random.Random(2), []
    for _ in range(_TIMES or 2000):
        damaged = bytearray(content)
        damaged[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
        found.append(bytes(damaged))
    return found


def _flipped(content):
    damaged = bytearray(content)
    damaged[random.randrange(len(content))] ^= 1 << random.randrange(8)
    return bytes(damaged)


_DAMAGE = [lambda content: b"MPCCMATL", lambda content: content[:96],
           lambda content: content[:len(content) // 128 * 64], lambda content: content + b"\0",
           lambda content: content[:72] + struct.pack("<Q", (1 << 64) - 1) + content[80:],
           _flipped, _flipped, _flipped]


def _inspect(parties, path):
    return [private_run.BIN / "mpcc", "inspect", path]


def _deal(parties, path):
    return parties.command(0, "deal", state=path.parent)


def _ask(parties, path):
    return parties.command(1, "run", "--input", parties.folder / "ids.json", state=path.parent)


def _store(parties, path):
    return parties.command(2, "deal", state=path.parent)


def _input(parties, path):
    return parties.command(1, "run", "--input", path)


def _authority(parties, path):
    return parties.command(0, "deal", ca=path)


def _certificate(parties, path):
    return parties.command(0, "deal", cert=path)


def _key(parties, path):
    return parties.command(0, "deal", key=path)


def _check(parties, path):
    return [private_run.BIN / "mpcc", "check", path]


# file, whether a change of any bit is told, the command that reads it
_FILES = {
    "state1/party1.state": (True, _ask), "state2/party2.state": (True, _store),
    "inputs/asked.json": (False, _input), "keys/ca.crt": (False, _authority),
    "plans/party0.plan": (True, _inspect), "plans/party1.plan": (True, _inspect),
    "plans/party2.plan": (True, _inspect), "state0/party0.state": (True, _deal),
    "keys/party0.crt": (False, _certificate), "keys/party0.key": (False, _key),
    "model.onnx": (False, _check)}


@pytest.mark.parametrize("file", _FILES)
def test_a_damaged_file_is_refused_by_name_and_nothing_is_written(parties, tmp_path, file):
    checked, command = _FILES[file]
    whole = (parties.folder / file).read_bytes()
    folder = shutil.copytree((parties.folder / file).parent, tmp_path / "damaged",
                             ignore=shutil.ignore_patterns("plans", "state?", "keys", "inputs"))
    path = folder / pathlib.Path(file).name
    held = sorted(entry.name for entry in folder.iterdir())
    for content in _cut(whole) + (_changed(whole) if checked else []):
        path.write_bytes(content)
        _refused(command(parties, path), names=path)
        assert sorted(entry.name for entry in folder.iterdir()) == held


# What is behind the head are records, each with its complement; one that is torn does not count.
@pytest.mark.parametrize("role, command", [(0, _deal), (1, _ask), (2, _store)])
def test_a_damaged_record_of_numbers_is_refused_and_kept(parties, tmp_path, role, command):
    folder = shutil.copytree(parties.folder / f"state{role}", tmp_path / "damaged")
    [path] = [*folder.glob("*.dealt"), *folder.glob("*.used")]
    head = path.read_bytes()[:80]
    held = sorted(entry.name for entry in folder.iterdir())
    for content in [head[:end] for end in (0, 8, 64, 79)] + _changed(head):
        path.write_bytes(content)
        _refused(command(parties, path), names=path)
        assert path.read_bytes() == content
        assert sorted(entry.name for entry in folder.iterdir()) == held
    for size in (1, 1 << 31, 1 << 40, (1 << 60) + 1, (1 << 64) - 1):  # gaps
        path.write_bytes(head[:40] + struct.pack("<Q", size) + head[48:])
        _refused(command(parties, path), names=path)


def test_damaged_material_is_told_by_p2_and_never_serves(parties, tmp_path):
    """Cut, changed and of hostile sizes: each is spent once, and answers nothing."""
    states = {f"at{role}": {"state": tmp_path / f"state{role}"} for role in range(3)}
    for role in range(3):
        shutil.copytree(parties.folder / f"state{role}", tmp_path / f"state{role}")
    ids = parties.folder / "ids.json"
    for _ in range(2 if _TIMES else 40):
        count = len(_DAMAGE)
        done = [subprocess.Popen(parties.command(role, "deal", *options, **states[f"at{role}"]),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
                for role, options in ((0, ("--count", str(count))), (2, ()))]
        assert [process.wait(timeout=120) for process in done] == [0, 0]
        stored = sorted((tmp_path / "state2").glob("*.material"),
                        key=lambda path: int(path.stem.split("-")[-1]))
        assert len(stored) == count
        for path, damage in zip(stored, _DAMAGE, strict=True):
            path.write_bytes(damage(path.read_bytes()))
        for path in stored:
            asked = [subprocess.Popen(parties.command(role, "run", *options, **states[f"at{role}"]),
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, preexec_fn=_limit)
                     for role, options in ((1, ("--input", ids)), (2, ()))]
            texts = [process.communicate(timeout=120)[0] for process in asked]
            assert [process.returncode for process in asked] == [1, 1], texts
            assert str(path) in texts[1] and "deal again" in texts[1], texts
            assert "outputs" not in texts[0]
            assert not path.exists()


@pytest.mark.parametrize("at", [16, 56])  # of a plan's header: bytes of the message, of constants
@pytest.mark.parametrize("size", [0, 1, 1 << 31, 1 << 40, (1 << 63) + 5, (1 << 64) - 1])
def test_a_plan_of_a_hostile_size_takes_no_memory(parties, tmp_path, at, size):
    content = bytearray((parties.folder / "plans/party0.plan").read_bytes())
    struct.pack_into("<Q", content, at, size)
    path = tmp_path / "hostile.plan"
    path.write_bytes(content)
    _refused(_inspect(parties, path), names=path)


def test_files_of_another_party_are_refused(parties, tmp_path):
    for role in range(3):
        other = (role + 1) % 3
        command = ["run", "--input", parties.folder / "ids.json"] if role == 1 else ["deal"]
        _refused(parties.command(role, *command,
                                 plan=parties.folder / f"plans/party{other}.plan"),
                 names="the plan is of another party than --role")
        folder = tmp_path / str(role)
        shutil.copytree(parties.folder / f"state{role}", folder)
        shutil.copy(parties.folder / f"state{other}/party{other}.state",
                    folder / f"party{role}.state")
        message = _refused(parties.command(role, *command, state=folder),
                           names=folder / f"party{role}.state")
        assert "set up" in message
    _refused(parties.command(0, "deal", cert=parties.folder / "keys/party1.crt"),
             names="party1.crt")


@contextlib.contextmanager
def _mounted(*options):
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", options[-1]], check=True)


def test_a_full_disk_leaves_no_half_of_a_set_up(parties, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir(mode=0o700)
    small = {"at2": {"state": disk / "state"}, "at1": {"state": tmp_path / "state1"},
             "at0": {"state": tmp_path / "state0"}}
    with _mounted("-t", "tmpfs", "-o", "size=8k", "tmpfs", disk):
        done = parties.run([0, 1, 2], "setup", **small)
        assert [code for code, _ in done] == [1, 1, 1], done
        assert "No space left" in done[2][1] and "state" in done[2][1]
        left = [path.name for path in (disk / "state").iterdir()]
        assert not [name for name in left if name.endswith((".tmp", ".part", ".state"))], left
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        for code, text in parties.run([0, 1, 2], "setup", **small):
            assert code == 0, text


def test_a_read_only_folder_is_named(parties, tmp_path):
    state = shutil.copytree(parties.folder / "state0", tmp_path / "state")
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    with _mounted("--bind", state, state):
        subprocess.run(["mount", "-o", "remount,bind,ro", state], check=True)
        _refused(parties.command(0, "deal", state=state), names="Read-only file system")
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before


def _tries_to_look(pid):
    """What a process of the same user may do to another: (read its maps, attach to it)."""
    code = ("import ctypes, os, sys\n"
            f"pid = {pid}\n"
            "try: open(f'/proc/{pid}/maps').read(); print('read')\n"
            "except PermissionError: print('no')\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            "print('no' if libc.ptrace(16, pid, None, None) else 'attached')\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          user=_NOBODY, group=_NOBODY, cwd="/")
    return done.stdout.split()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_the_same_user_may_not_look_into_a_party(parties):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copy(private_run.BIN / "mpcc-party", folder / "party")
        shutil.copy(parties.folder / "plans/party0.plan", folder / "plan")
        folder.chmod(0o755)
        for path in (folder, folder / "plan"):
            os.chown(path, _NOBODY, _NOBODY)
        for options, allowed in ([], "no"), (["--dumpable"], "read"):
            party = subprocess.Popen(
                [folder / "party", "--role", "0", "--plan", folder / "plan", "--state",
                 folder / "state", "--peers", parties.peers, "--insecure", *options, "serve"],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=_NOBODY, group=_NOBODY)
            lock = folder / "state/lock"
            while not lock.exists() or not lock.read_text().startswith(f"{party.pid}\n"):
                assert party.poll() is None
            seen = _tries_to_look(party.pid)
            party.kill()
            party.wait()
            assert seen[0] == allowed
            if not options:
                assert seen[1] == "no"


def test_an_input_of_many_megabytes_is_refused_early(parties, tmp_path):
    served = [subprocess.Popen(parties.command(role, "serve", "--reconnect", "0"),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True) for role in range(3)]
    owner = served[1]
    assert "ready" in json.loads(owner.stdout.readline())
    for line, error in (("[" + "1, " * (10 << 20) + "1]", "longer than"),
                        ("[1, 1e400]", "neither"), ("[1, 99999999999999999999]", "input_ids"),
                        ("[1, 1.5]", "input_ids"), ('{"input_ids": [1], "attention_mask": [2]}',
                                                    "1 keeps a token")):
        owner.stdin.write(line + "\n")
        owner.stdin.flush()
        assert error in json.loads(owner.stdout.readline())["error"]
    owner.stdin.write("[1, 5]\n")
    owner.stdin.close()
    assert "outputs" in json.loads(owner.stdout.readline())
    assert [process.wait(timeout=60) for process in served] == [0, 0, 0]
    for process in served:
        process.stdout.close()
