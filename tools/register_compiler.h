// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_REGISTER_COMPILER_H_
#define MPCC_TOOLS_REGISTER_COMPILER_H_

#include "mlir/IR/DialectRegistry.h"

namespace mpcc {

// The dialects that the compiler's files may hold.
void RegisterMpccDialects(mlir::DialectRegistry& registry);

// Every pass of the compiler, and MLIR's cse and canonicalize, by their command-line names.
void RegisterMpccPasses();

}  // namespace mpcc

#endif  // MPCC_TOOLS_REGISTER_COMPILER_H_
