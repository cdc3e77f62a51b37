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
# Tests of the runtime, lowest first.
_TESTS = ("base_test", "plain_test", "crypto_test", "kernels_test", "cost_test", "plan_test",
          "keygen_test", "channel_test", "net_test", "material_test", "protocol_test",
          "engine_test", "session_test")


def tools() -> str:
    """A tree with the compiler, the libraries and the emulator."""
    return roots.base("bookworm", *_NATIVE, *(f"{name}:arm64" for name in _FOREIGN))


def main() -> None:
    """Builds and tests, and prints what ctest says."""
    if why := roots.reason():
        print(f"arm64: skipped, {why}")
        return
    with tempfile.TemporaryDirectory() as changes:
        tree = roots.Root(tools(), pathlib.Path(changes) / "tree")
        for command in (["cmake", "--preset", "arm64"],
                        ["cmake", "--build", "--preset", "arm64", "--target", *_TESTS],
                        ["ctest", "--preset", "arm64", "--tests-regex", f"^({'|'.join(_TESTS)})$",
                         "--timeout", "1800"]):
            print(tree.run(*command, shared=private_run.ROOT)[-3000:], flush=True)


if __name__ == "__main__":
    main()
