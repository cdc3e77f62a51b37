// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_WARNINGS_H_
#define MPCC_TOOLS_WARNINGS_H_

#include <set>
#include <string>

#include "mlir/IR/Diagnostics.h"

namespace mpcc {

// Prints the context's warnings on stderr as problems of ONNX nodes, equal ones once: the programs
// of a model's lengths have theirs in common. Errors are left to MLIR's own handler, which prints
// nothing else. With `verbose` the notes of a warning follow it.
class WarningPrinter {
 public:
  explicit WarningPrinter(mlir::MLIRContext& context, bool verbose = false);

 private:
  std::set<std::string> told_;
  mlir::ScopedDiagnosticHandler handler_;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_WARNINGS_H_
