# SPDX-License-Identifier: Apache-2.0
"""The runtime for arm64: cross-built, and tested under an emulator, in a tree of Debian 12.

Run by tools/check arm64, as root.
"""

import pathlib
import tempfile

from tools.lib import private_run, roots

_FOREIGN = ("libabsl-dev", "libbenchmark-dev", "libfmt-dev", "libgmock-dev", "libgtest-dev",
            "libhwy-dev", "libprotobuf-dev", "libspdlog-dev", "libssl-dev")
_NATIVE = ("ccache", "cmake", "g++-aarch64-linux-gnu", "libboost-dev", "libcli11-dev",
           "ninja-build", "nlohmann-json3-dev", "protobuf-compiler", "python3-minimal",
           "qemu-user-static")


def tools() -> str:
    """A tree with the compiler, the libraries and the emulator."""
    return roots.base("bookworm", *_NATIVE, *(f"{name}:arm64" for name in _FOREIGN))


def main() -> None:
    """Builds and tests, and prints what ctest says."""
    if why := roots.reason():
        raise SystemExit(f"arm64: {why}")
    with tempfile.TemporaryDirectory() as changes:
        tree = roots.Root(tools(), pathlib.Path(changes) / "tree")
        for command in (["cmake", "--preset", "arm64"],
                        ["cmake", "--build", "--preset", "arm64", "--target", "runtime_tests",
                         "mpcc-party", "mpcc-local", "mpcc-admin"],
                        ["ctest", "--preset", "arm64", "-L", "runtime", "--timeout", "1800",
                         "-j2"]):
            print(tree.run(*command, shared=private_run.ROOT)[-3000:], flush=True)


if __name__ == "__main__":
    main()
