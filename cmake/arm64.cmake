# SPDX-License-Identifier: Apache-2.0
# Cross-building for arm64 on Debian, with libraries of that architecture beside this machine's own
# (dpkg --add-architecture arm64); programs run in an emulator. tools/check arm64 has such a tree.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
