// SPDX-License-Identifier: Apache-2.0
// Who learns what, as sentences of a plan.
#ifndef MPCC_CODEGEN_DISCLOSURES_H_
#define MPCC_CODEGEN_DISCLOSURES_H_

#include <string>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "passes/offline/programs.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// What declared leakage says, in one line each, no line twice.
std::vector<std::string> DeclaredLeakage(mlir::ModuleOp module);

// Adds what verify-no-leak found in the online functions, each sentence once. Failure, after a
// diagnostic, at an entry that is no disclosure.
mlir::LogicalResult AddDisclosures(llvm::ArrayRef<SplitProgram> programs, plan::Plan* plan);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_DISCLOSURES_H_
