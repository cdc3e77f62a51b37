// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_CHECK_H_
#define MPCC_TOOLS_MPCC_CHECK_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc check model.onnx`: every problem, or what was found; exit code 1 if there are problems.
void AddCheckCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_CHECK_H_
