// SPDX-License-Identifier: Apache-2.0
// The two halves of split programs against each other. Each half may be clean alone and the two
// together give P2 a value, if P0 deals a vector under another stream, for another operation or by
// another mask than P1 and P2 read it with.
#ifndef MPCC_PASSES_LEAK_SPLIT_HALVES_H_
#define MPCC_PASSES_LEAK_SPLIT_HALVES_H_

#include "llvm/ADT/ArrayRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/offline/programs.h"

namespace mpcc {

// The split programs of a module, if online and offline functions name each other, one to one.
mlir::FailureOr<llvm::SmallVector<SplitProgram>> CheckPartners(mlir::ModuleOp module);

// P0's function is the one that the online function implies, up to masks and constants that no
// vector depends on: its masks are those of openings and inputs, by stream, kind and type; it deals
// for the online operations in their order, with their streams and parameters; every operand is the
// mask of the online operand by the same operations, or a constant where that is sealed.
mlir::LogicalResult CheckHalves(SplitProgram program);

// A weight stream stands for one matrix, whichever programs use it.
mlir::LogicalResult CheckWeights(llvm::ArrayRef<SplitProgram> programs);

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_SPLIT_HALVES_H_
