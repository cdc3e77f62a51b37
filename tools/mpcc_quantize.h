// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_QUANTIZE_H_
#define MPCC_TOOLS_MPCC_QUANTIZE_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc quantize MODEL --inputs FILE -o OUT`.
void AddQuantizeCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_QUANTIZE_H_
