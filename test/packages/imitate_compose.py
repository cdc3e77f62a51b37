# SPDX-License-Identifier: Apache-2.0
"""Imitates containers: networks as bridges, services in namespaces, with the rights of the file.

Run in namespaces of its own, which take everything with them: imitate_compose.py FILE IMAGES WORK
QUESTIONS. IMAGES is JSON of container_files.build, QUESTIONS go to `party1` twice. Prints its
answers, and what was tried besides.
"""

import itertools
import json
import pathlib
import subprocess
import sys
import time

import yaml

_ENTER = r"""
set -e
root=$1 layers=$2 hosts=$3; shift 3
mkdir -p "$root"
mount -t overlay overlay -o "ro,lowerdir=$layers" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero random urandom; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mount --bind "$hosts" "$root/etc/hosts"
while [ "$1" != -- ]; do  # WHAT WHERE ro|rw
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift
exec chroot "$root" "$@"
"""


def _sh(*command):
    subprocess.run(command, check=True)


class Imitation:
    def __init__(self, file, images, work):
        self.compose = yaml.safe_load(file.read_text(encoding="utf-8"))
        self.images, self.work, self.folder = images, work, file.parent
        self.services = self.compose["services"]
        self.addresses: dict[tuple[str, str], str] = {}  # (service, network)

    def networks_of(self, service):
        networks = self.services[service]["networks"]
        return {name: {} for name in networks} if isinstance(networks, list) else networks

    def lay(self):
        """A bridge for each network, a namespace for each service."""
        _sh("mount", "-t", "tmpfs", "tmpfs", "/run")
        for bridge in self.compose["networks"]:
            _sh("ip", "link", "add", f"br-{bridge}", "type", "bridge")
            _sh("ip", "link", "set", f"br-{bridge}", "up")
        for service in self.services:
            _sh("ip", "netns", "add", service)
            _sh("ip", "-n", service, "link", "set", "lo", "up")
        numbers = itertools.count(2)
        for service in self.services:
            for network in self.networks_of(service):
                self._join(service, network, next(numbers))

    def _join(self, service, network, number):
        address = f"10.{97 + list(self.compose['networks']).index(network)}.0.{number}"
        self.addresses[service, network] = address
        inner, outer = f"i{number}", f"o{number}"
        _sh("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", service)
        _sh("ip", "link", "set", outer, "master", f"br-{network}", "up")
        _sh("ip", "-n", service, "address", "add", f"{address}/24", "dev", inner)
        _sh("ip", "-n", service, "link", "set", inner, "up")

    def _hosts(self, service):
        """The names that a service finds: those on its networks."""
        lines = ["127.0.0.1 localhost"]
        for (other, network), address in self.addresses.items():
            if network in self.networks_of(service):
                aliases = self.networks_of(other)[network].get("aliases", [])
                lines.append(" ".join([address, other, *aliases]))
        path = self.work / f"hosts-{service}"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def _mounts(self, service, image):
        for volume in self.services[service].get("volumes", []):
            source, target, *mode = volume.split(":")
            path = self.folder / source if source.startswith(".") else self.work / source
            if not path.exists():  # a named volume is made as the image has the folder
                user, _, group = image["USER"].partition(":")
                _sh("install", "-d", "-m", "0700", "-o", user, "-g", group, path)
            yield from (str(path), target, mode[0] if mode else "rw")

    def command(self, service, what=None):
        """The command line of a service's process, or of another one in its place."""
        this = self.services[service]
        image = self.images[this["build"]["target"]]
        assert this["read_only"] and this["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in this["security_opt"]
        user, _, group = image["USER"].partition(":")
        limits = [f"--{name}={value}" for name, value in this.get("ulimits", {}).items()]
        return ["ip", "netns", "exec", service, "unshare", "--mount", "--pid", "--ipc", "--fork",
                "--kill-child", "bash", "-c", _ENTER, "-", str(self.work / f"root-{service}"),
                image["layers"], str(self._hosts(service)), *self._mounts(service, image), "--",
                "prlimit", *limits, "setpriv", f"--reuid={user}", f"--regid={group}",
                "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all",
                *(what or [*image["ENTRYPOINT"], *this["command"]])]

    def keep_up(self, service):
        """A service that is started again whenever it ends."""
        log = (self.work / f"log-{service}").open("ab")
        again = 'while :; do "$@"; sleep 0.5; done'
        return subprocess.Popen(["bash", "-c", again, "-", *self.command(service)],
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def main():
    file, images, work, questions = sys.argv[1:]
    it = Imitation(pathlib.Path(file), json.loads(images), pathlib.Path(work))
    it.lay()
    for service, that in it.services.items():
        if that["restart"] == "always":
            it.keep_up(service)
    seen: dict = {"answers": []}
    for _ in range(2):
        done = subprocess.run(it.command("party1"), input=questions, stdout=subprocess.PIPE,
                              stderr=(it.work / "log-party1").open("ab"), text=True, timeout=60)
        seen["answers"].append(done.stdout.splitlines())
        time.sleep(1)
    p0 = f"/dev/tcp/{it.addresses['party0', 'p0']}/9100"
    for name, service, what in (
            ("health", "party0", it.images["runtime"]["HEALTHCHECK"]),
            ("writes", "party0", ["touch", "/usr/bin/x", "/etc/x"]),
            ("reaches", "party1", ["bash", "-c", f"exec 3<>{p0}"])):
        done = subprocess.run(it.command(service, what), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        seen[name] = [done.returncode, done.stdout]
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
