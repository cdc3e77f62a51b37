// SPDX-License-Identifier: Apache-2.0
// What the inputs of an encoder hold.
#ifndef MPCC_IR_NN_ROLES_H_
#define MPCC_IR_NN_ROLES_H_

#include <string>

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::nn {

inline constexpr char kIdsRole[] = "ids", kMaskRole[] = "mask", kTypesRole[] = "types",
                      kPositionsRole[] = "positions", kBiasRole[] = "bias";

// The role of an input with one of the usual names, "" for other names.
std::string RoleOfName(llvm::StringRef name);

// nn.role of an argument, else what its nn.name says, else "".
std::string RoleOf(mlir::func::FuncOp function, unsigned index);

// What pads an argument: its nn.pad, else what drops a token of a bias, else 0.
int64_t PaddingOf(mlir::func::FuncOp function, unsigned index);

// Token ids that a function takes, 0 if no argument is ids.
int64_t TokensOf(mlir::func::FuncOp function);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_ROLES_H_
