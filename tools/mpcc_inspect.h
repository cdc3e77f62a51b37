// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_INSPECT_H_
#define MPCC_TOOLS_MPCC_INSPECT_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc inspect FILE [--steps]`: what a plan file costs, layer by layer, and who learns what. The
// file is validated first.
void AddInspectCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_INSPECT_H_
