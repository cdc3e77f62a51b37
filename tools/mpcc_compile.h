// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_COMPILE_H_
#define MPCC_TOOLS_MPCC_COMPILE_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc compile model.onnx --emit=onnx-nn|nn`: imports and lowers, and prints the IR of the stage
// asked for.
void AddCompileCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_COMPILE_H_
