# SPDX-License-Identifier: Apache-2.0
"""File trees of Debian to install and run things in, so that this machine stays as it is. For root.

Bases are made once, in .cache/roots, from the mirror that this machine's apt is configured for.
What is done in a tree lies in an overlay, and in namespaces of its own.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import uuid

from tools.lib.private_run import ROOT

_BASES = ROOT / ".cache/roots"
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}

_OVERLAY = """
set -e
tree() {  # LOWER CHANGES WHERE
  mkdir -p "$2/upper" "$2/work" "$3"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$3"
}
inner() {  # WHERE
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
}
"""

_RUN = _OVERLAY + """
[ "$3" = online ] || ip link set lo up
tree "$1" "$2" "$2/root"; inner "$2/root"
root=$2/root; shift 3
if [ -n "$1" ]; then mkdir -p "$root$1"; mount --bind "$1" "$root$1"; fi
cd "${1:-/}"; shift
exec chroot "$root" env --chdir="$PWD" "$@"
"""

# systemd wants a hierarchy of control groups of its own, and nspawn a root that is a mount.
_BOOT = _OVERLAY + """
tree "$1" "$2" "$2/root"; inner "$2/root"
tree "$3" "$4" "$2/root/mnt"
mount -t sysfs sysfs "$2/root/sys"
mount -t cgroup2 cgroup2 "$2/root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$2/root/run"
group=/sys/fs/cgroup/$5
mkdir "$2/root$group"; echo 0 > "$2/root$group/cgroup.procs"
cd "$2/root"; mkdir -p media/old; pivot_root . media/old; umount -l /media/old
status=0
timeout --kill-after=10 "$6" systemd-nspawn --register=no --keep-unit --private-network --quiet \\
  --system-call-filter=@memlock --directory=/mnt --boot || status=$?
echo 0 > /sys/fs/cgroup/cgroup.procs
find "$group" -depth -type d -exec rmdir {} +
exit $status
"""


def reason() -> str:
    """Why no tree can be made here; empty if one can."""
    if os.geteuid() != 0:
        return "needs root"
    for program in ("apt-get", "debootstrap", "ip", "unshare"):
        if not shutil.which(program):
            return f"needs {program}"
    made = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False)
    return "no namespaces can be made" if made.returncode else ""


def _mirror() -> str:
    """The mirror of Debian that apt is configured for."""
    shown = subprocess.run(["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)",
                            "Created-By: Packages"], capture_output=True, text=True, check=True)
    for line in shown.stdout.splitlines():
        label, _, uri = line.partition(" ")
        if label == "Debian":
            return uri
    raise RuntimeError("apt is configured for no mirror of Debian")


def _debootstrap(suite: str) -> pathlib.Path:
    made = _BASES / suite
    if made.exists():
        return made
    part, cache = made.with_suffix(".part"), _BASES / "debs"
    shutil.rmtree(part, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["debootstrap", "--variant=minbase", f"--cache-dir={cache}", suite,
                           str(part), _mirror()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"debootstrap {suite}: {done.stdout[-2000:]}")
    part.rename(made)
    return made


def base(suite: str, *packages: str) -> str:
    """The tree of a release with its essential packages, and those: layers, the highest first."""
    tree = str(_debootstrap(suite))
    if not packages:
        return tree
    key = hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:8]
    made = _BASES / f"{suite}-{key}"
    if not made.exists():
        part = made.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        Root(tree, part).install(*packages)
        part.rename(made)
    return f"{made}/upper:{tree}"


class Root:
    """A base, and in the folder `changes` what is done to it."""

    def __init__(self, lower: str, changes: pathlib.Path):
        self._lower, self._changes = lower, changes
        (changes / "upper").mkdir(parents=True)

    def path(self, inside: str) -> pathlib.Path:
        """Where a file that was put or made there lies outside."""
        return self._changes / "upper" / inside.lstrip("/")

    def put(self, source: pathlib.Path, inside: str) -> None:
        """Copies a file or folder to a path inside."""
        target = self.path(inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)

    def write(self, inside: str, text: str) -> None:
        """Makes a file."""
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text, encoding="utf-8")

    def run(self, *command: str, online: bool = False, shared: pathlib.Path | None = None) -> str:
        """What a command printed. Online it can reach the mirror, else nothing but itself.

        It starts in the folder `shared`, which is the same inside and outside."""
        spaces = ["--mount", "--pid", "--uts", "--ipc", *([] if online else ["--net"])]
        return self._namespaces(spaces, _RUN, self._lower, str(self._changes),
                                "online" if online else "offline", str(shared or ""), *command)

    def install(self, *packages: str) -> str:
        """Installs packages by name or path inside, with what they depend on."""
        for architecture in {name.partition(":")[2] for name in packages} - {""}:
            self.run("dpkg", "--add-architecture", architecture)
        self.run("apt-get", "update", "-qq", online=True)
        return self.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages,
                        online=True)

    def boot(self, tools: str, scratch: pathlib.Path, seconds: int) -> str:
        """Boots the tree's systemd until it is powered off; `tools` is a base with nspawn."""
        return self._namespaces(["--mount", "--uts", "--ipc"], _BOOT, tools, str(scratch),
                                self._lower, str(self._changes), f"mpcc-{uuid.uuid4().hex}",
                                str(seconds))

    @staticmethod
    def _namespaces(spaces: list[str], script: str, *arguments: str) -> str:
        done = subprocess.run(
            ["unshare", *spaces, "--fork", "--kill-child", "--propagation=private", "bash", "-c",
             script, "-", *arguments], env=_ENVIRONMENT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-4000:]}")
        return done.stdout
