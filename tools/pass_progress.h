// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_PASS_PROGRESS_H_
#define MPCC_TOOLS_PASS_PROGRESS_H_

#include "mlir/Pass/PassManager.h"

namespace mpcc {

// Lets the innermost progress line say which pass runs.
void SayPasses(mlir::PassManager& passes);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PASS_PROGRESS_H_
