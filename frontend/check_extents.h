// SPDX-License-Identifier: Apache-2.0
// Values without elements, which no program has.
#ifndef MPCC_FRONTEND_CHECK_EXTENTS_H_
#define MPCC_FRONTEND_CHECK_EXTENTS_H_

#include "frontend/problem.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Adds a problem for each operation whose result has an extent of 0, if no operand has one: those
// behind it follow from it. Constants may be empty: axes and shapes are. True if there is none.
bool CheckExtents(mlir::func::FuncOp function, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CHECK_EXTENTS_H_
