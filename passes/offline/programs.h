// SPDX-License-Identifier: Apache-2.0
// Programs of a module: pairs of an online function and its offline one.
#ifndef MPCC_PASSES_OFFLINE_PROGRAMS_H_
#define MPCC_PASSES_OFFLINE_PROGRAMS_H_

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mpcc {

struct SplitProgram {
  mlir::func::FuncOp online;
  mlir::func::FuncOp offline;
};

// All split programs in module order. Failure, with a diagnostic, if a function names a partner
// that does not exist.
mlir::FailureOr<llvm::SmallVector<SplitProgram>> SplitProgramsOf(mlir::ModuleOp module);

// The attributes that dealing for an operation depends on: its own, without streams and operand
// counts. They are the `params` of its mpc.deal.
mlir::DictionaryAttr DealParamsOf(mlir::Operation* op);

// The one block of a function, without and with its terminator's place.
mlir::Block& BodyOf(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_OFFLINE_PROGRAMS_H_
