// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_CALIBRATE_H_
#define MPCC_TOOLS_MPCC_CALIBRATE_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc calibrate model.onnx --inputs ids.jsonl -o OUT`: the file with the ranges that its tensors
// take on these inputs, in place of those that it has.
void AddCalibrateCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_CALIBRATE_H_
