// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_ALTERNATIVES_H_
#define MPCC_TOOLS_ALTERNATIVES_H_

#include <string>

#include "mlir/IR/BuiltinOps.h"
#include "passes/pipeline.h"

namespace mpcc {

// What a canonical network would cost if it were compiled for other networks, or without one of the
// constructions that there are to choose among: a table, a line for each and every program. The
// module stays as it is.
std::string ReportAlternatives(mlir::ModuleOp canonical, const PipelineOptions& options);

}  // namespace mpcc

#endif  // MPCC_TOOLS_ALTERNATIVES_H_
