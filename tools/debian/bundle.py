# SPDX-License-Identifier: Apache-2.0
"""Gathers what packages of Debian bring beside the programs, and says what they depend on.

Libraries whose name is another in each release of Debian, or which break what was built with an
older one, come along; all others are Debian's own. So do licences of all that is in the programs
or beside them. dpkg-shlibdeps says what packages they need, CPack reads it in dependencies.cmake.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from tools.lib import linked  # noqa: E402

_BROUGHT = ("libabsl_", "libfmt.", "libonnx", "libspdlog.")
_DOC = pathlib.Path("/usr/share/doc")


def _brought(programs: list[pathlib.Path]) -> dict[str, pathlib.Path]:
    """Paths of libraries by the name that programs load them by."""
    found = {}
    for program in programs:
        listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
        for line in listing.stdout.splitlines():
            words = line.split()
            if words[0].startswith(_BROUGHT) and words[2].startswith("/"):
                found[words[0]] = pathlib.Path(words[2])
    return found


def _copy(libraries: dict[str, pathlib.Path], folder: pathlib.Path) -> None:
    folder.mkdir(parents=True)
    for name, path in libraries.items():
        shutil.copyfile(path, folder / name)


def _copy_licences(packages: set[str], folder: pathlib.Path) -> None:
    folder.mkdir(parents=True)
    for package in {name.split(":")[0] for name in packages}:
        text = _DOC / package / "copyright"
        if text.exists():
            shutil.copyfile(text, folder / f"{package}.copyright")


def _dependencies(files: list[pathlib.Path], brought: set[str]) -> str:
    """The field Depends of a package with programs and libraries, less the packages `brought`."""
    with tempfile.TemporaryDirectory() as scratch:
        control = pathlib.Path(scratch) / "debian/control"
        control.parent.mkdir()
        control.write_text("Source: mpcc\n\nPackage: mpcc\nArchitecture: any\n", encoding="utf-8")
        done = subprocess.run(
            ["dpkg-shlibdeps", "-O", *(f"-x{package.split(':')[0]}" for package in brought),
             *(file.resolve() for file in files)],
            cwd=scratch, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().removeprefix("shlibs:Depends=")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build's folder")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--version", required=True, help="of mpcc")
    parser.add_argument("--party", required=True, nargs="+", type=pathlib.Path)
    parser.add_argument("--compiler", required=True, nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.out, ignore_errors=True)
    party, compiler = _brought(arguments.party), _brought(arguments.compiler)
    _copy(party, arguments.out / "party")
    _copy({name: compiler[name] for name in compiler.keys() - party.keys()},
          arguments.out / "compiler")
    own = {str(path.resolve()) for path in (party | compiler).values()}
    _copy_licences(linked.packages(own | linked.build_inputs(arguments.build)),
                   arguments.out / "licences")
    brought = linked.packages(own)
    depends = {"PARTY": _dependencies([*arguments.party, *party.values()], brought) +
                        ", passwd",  # users for the parties
               "COMPILER": _dependencies([*arguments.compiler, *compiler.values()], brought) +
                           f", mpcc-runtime (= {arguments.version})"}
    (arguments.out / "dependencies.cmake").write_text("".join(
        f'set(CPACK_DEBIAN_{component}_PACKAGE_DEPENDS "{packages}")\n'
        for component, packages in depends.items()), encoding="utf-8")


if __name__ == "__main__":
    main()
