// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_QUANTIZE_H_
#define MPCC_TOOLS_MPCC_QUANTIZE_H_

#include <CLI/CLI.hpp>

#include "tools/mpcc_calibrate.h"

namespace mpcc {

// Writes the model with static 8-bit quantizers, and with the ranges that its tensors take on the
// inputs. False, after messages, if it cannot.
bool Quantize(const CalibrateOptions& options);

// `mpcc quantize MODEL --inputs FILE -o OUT`.
void AddQuantizeCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_QUANTIZE_H_
