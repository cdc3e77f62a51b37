// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_REPORTER_H_
#define MPCC_TOOLS_REPORTER_H_

#include "frontend/problem.h"
#include "mlir/IR/Diagnostics.h"

namespace mpcc {

// The one place that tells users about a model. Collects the context's errors and warnings as
// problems of ONNX nodes and prints them on stderr, a line for each kind; with `verbose` each in
// full, with its notes. Errors that are no refusals (of files in MLIR's text form, say) are left to
// MLIR's own handler. What a file may call things is escaped, and cut where it is long.
class Reporter {
 public:
  Reporter(mlir::MLIRContext& context, bool verbose);
  ~Reporter() { Print(); }

  // Those not printed yet.
  const Problems& errors() const { return errors_; }
  const Problems& warnings() const { return warnings_; }

  // Prints what there is, warnings first, and forgets it.
  void Print();

 private:
  void Print(const Problems& problems, const char* severity) const;

  const bool verbose_;
  Problems errors_, warnings_;
  mlir::ScopedDiagnosticHandler handler_;
};

// Problems of the frontend as errors of the context.
void EmitProblems(mlir::MLIRContext& context, const Problems& problems);

}  // namespace mpcc

#endif  // MPCC_TOOLS_REPORTER_H_
