# SPDX-License-Identifier: Apache-2.0
"""Puts what a wheel needs of this system's libraries into it, each with its licence."""

import argparse
import importlib.metadata
import pathlib
import shutil
import subprocess
import sys
import tempfile

_PLATFORM = "manylinux_2_36_x86_64"
# Packages whose code is in the programs: headers, and what is linked statically.
_COMPILED_IN = ("libboost1.74-dev", "libcli11-dev", "libmlir-19-dev", "nlohmann-json3-dev")
_DOC = pathlib.Path("/usr/share/doc")


def _package_of(library: pathlib.Path) -> str:
    """The Debian package of a file."""
    for path in (library, library.resolve(), pathlib.Path("/usr") / library.relative_to("/")):
        done = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise RuntimeError(f"{library}: of no Debian package: its licence is not known")


def _needed(folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """All libraries that the programs and the extension load, by name."""
    found: dict[str, pathlib.Path] = {}
    for program in [*folder.glob("mpcc/bin/*"), *folder.glob("mpcc/*.so")]:
        listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
        for line in listing.stdout.splitlines():
            if "=> /" in line:
                name, path = line.split()[0], line.split()[2]
                found[name] = pathlib.Path(path)
    return found


def _nanobind_licence() -> str:
    """Its headers are in the extension."""
    files = importlib.metadata.files("nanobind") or []
    return next(file for file in files if file.name == "LICENSE").read_text()


def _add_licences(folder: pathlib.Path, needed: dict[str, pathlib.Path]) -> None:
    (licences,) = folder.glob("*.dist-info/licenses")
    bundled = {name for name in needed
               if any(library.name.startswith(name.split(".so")[0] + "-")
                      for library in folder.glob("mpcc.libs/*"))}
    packages = {_package_of(needed[name]) for name in bundled} | set(_COMPILED_IN)
    for package in sorted(packages):
        shutil.copyfile(_DOC / package / "copyright", licences / f"{package}.copyright")
    (licences / "nanobind.copyright").write_text(_nanobind_licence(), encoding="utf-8")


def bundle(wheel: pathlib.Path, output: pathlib.Path) -> None:
    """Writes the finished wheel into `output`."""
    with tempfile.TemporaryDirectory() as scratch:
        raw, repaired = pathlib.Path(scratch) / "raw", pathlib.Path(scratch) / "repaired"
        run = [sys.executable, "-m"]
        subprocess.run([*run, "wheel", "unpack", wheel, "-d", raw], check=True)
        (unpacked,) = raw.iterdir()
        needed = _needed(unpacked)
        subprocess.run([*run, "auditwheel", "repair", "--plat", _PLATFORM, "--only-plat", "-w",
                        repaired, wheel], check=True)
        (done,) = repaired.iterdir()
        subprocess.run([*run, "wheel", "unpack", done, "-d", repaired], check=True)
        (folder,) = (path for path in repaired.iterdir() if path.is_dir())
        _add_licences(folder, needed)
        output.mkdir(exist_ok=True)
        subprocess.run([*run, "wheel", "pack", folder, "-d", output], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    bundle(arguments.wheel, arguments.output)


if __name__ == "__main__":
    main()
