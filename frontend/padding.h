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

// Whether the function compares its ids with what pads them, as it does to leave padding out.
bool ComparesWithPadding(mlir::func::FuncOp function);

// Tokens of the short input that DependsOnPadding asks a function: half of its own.
int64_t TokensOfProbe(mlir::func::FuncOp function);

// Whether results at the tokens of a short input depend on its padding. Both are run in the clear:
// the function on the padded input, and `shorter`, the same network for TokensOfProbe(function)
// tokens, on the input as it is. Without `shorter`, or where its results are not the same with less
// tokens, the function is run twice, with embeddings of other ids in the places of the padding the
// second time; what compares ids and the mask see the same in both. True too where a run fails,
// since nothing is known then. False where there is no padding (no ids, one token).
bool DependsOnPadding(mlir::func::FuncOp function, mlir::func::FuncOp shorter = {});

}  // namespace mpcc

#endif  // MPCC_FRONTEND_PADDING_H_
