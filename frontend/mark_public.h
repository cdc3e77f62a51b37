// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_MARK_PUBLIC_H_
#define MPCC_FRONTEND_MARK_PUBLIC_H_

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Marks as public the constants of the data owner's part of the network: everything computed from
// the arguments before the first product with a parameter (the embedding tables, the embedding's
// LayerNorm, mask constants). A constant that both parts use is cloned, so that the model owner's
// use stays private.
void MarkPublic(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_MARK_PUBLIC_H_
