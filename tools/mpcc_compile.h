// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_COMPILE_H_
#define MPCC_TOOLS_MPCC_COMPILE_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc compile model.onnx -o DIR`: writes party0.plan, party1.plan and party2.plan. With
// --emit=onnx-nn|nn|mpc|program it prints the IR of that stage instead; --from names the stage of a
// .mlir file.
void AddCompileCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_COMPILE_H_
