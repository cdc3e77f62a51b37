// SPDX-License-Identifier: Apache-2.0
// What the inputs of a network are, by what the network does with them.
#ifndef MPCC_FRONTEND_ROLES_H_
#define MPCC_FRONTEND_ROLES_H_

#include "frontend/problem.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Sets nn.role of arguments:
// - "ids": integers that pick rows of a table; of several such inputs the one with the largest
//   table, names of types and positions set aside;
// - "types", "positions": integers that pick rows of another table and do nothing else; types where
//   the table has less rows than the sequence has tokens, or at most 4;
// - "mask": one number a token, or a token and a token, that picks no rows; "bias" if it is added
//   as it is to what becomes scores.
// Integers that nothing reads are types, or what their name says. Others have no role. An integer
// input that picks rows and is none of these, a second list of ids, is a problem: no padding and no
// default are known for it. So is more than one sequence of ids.
void AssignRoles(mlir::func::FuncOp function, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_ROLES_H_
