// SPDX-License-Identifier: Apache-2.0
// Who reads the numbers of a value, whatever form they have on the way.
#ifndef MPCC_FRONTEND_CARRIERS_H_
#define MPCC_FRONTEND_CARRIERS_H_

#include <vector>

#include "mlir/IR/Value.h"

namespace mpcc {

// The value that has the same numbers before casts, layout and quantizers.
mlir::Value Root(mlir::Value value);

// The uses of a value and of what casts, layout and quantizers make of it, these left out.
std::vector<mlir::OpOperand*> Readers(mlir::Value value);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_CARRIERS_H_
