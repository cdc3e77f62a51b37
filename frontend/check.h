// SPDX-License-Identifier: Apache-2.0
// The report of `mpcc check`.
#ifndef MPCC_FRONTEND_CHECK_H_
#define MPCC_FRONTEND_CHECK_H_

#include <string>

#include "frontend/problem.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

namespace mpcc {

// The ONNX operator that the importer put into a location; "" if it did not.
std::string OperatorOf(mlir::Location loc);

// A diagnostic of a pass as a problem of the ONNX node it comes from.
Problem ProblemOf(mlir::Diagnostic& diagnostic);

// The results of a module's functions with their shapes and sizes, those of several functions once,
// as text; "" where none has a name.
std::string ReportResults(mlir::ModuleOp module);

// What a canonical module holds, as text: inputs with their lengths, results, products by width of
// weight and activation and by ring, quantizers by width, ops by kind, parameters by owner, and the
// ranges that the file gives.
std::string ReportModel(mlir::ModuleOp module);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CHECK_H_
