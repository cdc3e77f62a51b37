// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_PASS_PROGRESS_H_
#define MPCC_TOOLS_PASS_PROGRESS_H_

#include "mlir/Pass/PassManager.h"
#include "tools/progress_line.h"

namespace mpcc {

// Lets the line say which pass runs. It must outlive the passes' run.
void SayPasses(mlir::PassManager& passes, ProgressLine& line);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PASS_PROGRESS_H_
