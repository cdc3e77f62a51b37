// SPDX-License-Identifier: Apache-2.0
// Marks of declared leakage (`mpc.leak`): what they say, and that they stand where they count.
#ifndef MPCC_PASSES_LEAK_LEAK_MARKS_H_
#define MPCC_PASSES_LEAK_LEAK_MARKS_H_

#include <string>
#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mpcc {

// The kinds of declared leakage on the function and its operations, sorted, each once.
std::vector<std::string> DeclaredLeaks(mlir::func::FuncOp function);
// Those of one operation. REQUIRES: its mark is well formed.
std::vector<std::string> DeclaredLeaksOf(mlir::Operation* op);

// Success if every mark in the module is a string, or a list of strings, on a function or an
// operation of one. A mark of another form or at another place (a module, an argument or result,
// within another attribute) would be overlooked: it is an error.
mlir::LogicalResult CheckLeakMarks(mlir::ModuleOp module);

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_LEAK_MARKS_H_
