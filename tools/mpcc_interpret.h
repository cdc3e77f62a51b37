// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_INTERPRET_H_
#define MPCC_TOOLS_MPCC_INTERPRET_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc interpret model.onnx --input input_ids=101,102`: runs the model in the clear and prints its
// outputs.
void AddInterpretCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_INTERPRET_H_
