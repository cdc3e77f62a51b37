// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_PASS_PROGRESS_H_
#define MPCC_TOOLS_PASS_PROGRESS_H_

#include <cstddef>

#include "mlir/Pass/PassManager.h"

namespace mpcc {

// Lets the innermost progress line say which pass runs.
void SayPasses(mlir::PassManager& passes);

// The same of the random inputs of PipelineOptions::progress.
void SayRandomInputs(size_t done, size_t all);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PASS_PROGRESS_H_
