// SPDX-License-Identifier: Apache-2.0
// Operations that round at random, by coins that P1 knows in part. Each of them tells something new
// of what it rounds, and of the weights behind it, whenever a question is asked again.
#ifndef MPCC_PASSES_LEAK_ROUNDING_COINS_H_
#define MPCC_PASSES_LEAK_ROUNDING_COINS_H_

#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// In the order of the function: those of mpc::Noise::kFresh, windows of tables, and exponentials.
std::vector<mlir::Operation*> RandomRoundings(mlir::func::FuncOp function);

// Failure, with an error at the first of them, if there are any.
mlir::LogicalResult CheckRoundsExactly(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_ROUNDING_COINS_H_
