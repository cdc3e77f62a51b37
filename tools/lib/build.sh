# SPDX-License-Identifier: Apache-2.0
# Sets up this machine, configures and builds the release preset; source it after progress.sh.
# LOG must be set.

BIN=build/release/bin

# build_release [TARGET...]: builds everything if no target is named.
build_release() {
  tools/setup
  step "configuration" cmake --preset release
  step "build" cmake --build --preset release --parallel "$(nproc)" ${1:+--target "$@"}
}
