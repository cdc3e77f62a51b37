// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_VERIFY_H_
#define MPCC_TOOLS_MPCC_VERIFY_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc verify model.onnx --inputs ids.jsonl`: the private program in the ideal interpreter against
// the file in the clear, per site and for the answers. Exit code 1 where the model or the inputs
// are refused, 2 where an answer's cosine is below --least.
void AddVerifyCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_VERIFY_H_
