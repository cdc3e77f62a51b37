// SPDX-License-Identifier: Apache-2.0
// What the roundings do that a private run leaves out: those of quantizers between reals.
#ifndef MPCC_TOOLS_LEFT_OUT_H_
#define MPCC_TOOLS_LEFT_OUT_H_

#include <set>
#include <string>
#include <vector>

#include "frontend/samples.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/policy/policy.h"

namespace mpcc {

// The names of the nodes of quantizers that are left out: of secret values, that `imported` has and
// no private run of `canonical` rounds or clips with.
std::set<std::string> NamesOfLeftOut(llvm::ArrayRef<mlir::func::FuncOp> imported,
                                     llvm::ArrayRef<mlir::func::FuncOp> canonical,
                                     const LoweringPolicy& policy);

// One warning where the answers of the networks as imported and without those roundings differ by
// more than kTold: how many quantizers are left out, the first one, and the least cosine of an
// answer on the first samples, on random inputs where `samples` is empty. One function a length in
// all lists.
void WarnOfLeftOut(llvm::ArrayRef<mlir::func::FuncOp> imported,
                   llvm::ArrayRef<mlir::func::FuncOp> canonical,
                   const std::vector<FittedSamples>& samples, const LoweringPolicy& policy);

}  // namespace mpcc

#endif  // MPCC_TOOLS_LEFT_OUT_H_
