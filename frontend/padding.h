// SPDX-License-Identifier: Apache-2.0
// What pads the token ids of a network, and whether padding changes its results.
#ifndef MPCC_FRONTEND_PADDING_H_
#define MPCC_FRONTEND_PADDING_H_

#include <optional>

#include "frontend/problem.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Sets nn.pad of the ids: `given`, else the constant that the function compares ids with, else 0. A
// given one without ids, or outside their table, is a problem.
void AssignPadding(mlir::func::FuncOp function, std::optional<int64_t> given, Problems& problems);

// Whether results at the tokens of a short input depend on what embedding its padding has: the
// function is run twice in the clear, with embeddings of other ids in the places of the padding the
// second time. What compares ids and the mask see the same in both. True too where a run fails,
// since nothing is known then. False where there is no padding (no ids, one token).
bool DependsOnPadding(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_PADDING_H_
