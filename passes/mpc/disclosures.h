// SPDX-License-Identifier: Apache-2.0
// Who learns what when an online function runs, as text for the plan and the leak report.
#ifndef MPCC_PASSES_MPC_DISCLOSURES_H_
#define MPCC_PASSES_MPC_DISCLOSURES_H_

#include <string>
#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// The kinds of declared leakage on the function and its operations (`mpc.leak`), sorted, each once.
std::vector<std::string> DeclaredLeaks(mlir::func::FuncOp function);
// Those of one operation.
std::vector<std::string> DeclaredLeaksOf(mlir::Operation* op);

// One sentence for each thing that a party learns, P0 first. They depend on shapes, widths and
// declared leakage only. REQUIRES: verify-no-leak found nothing.
std::vector<std::string> Disclosures(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_DISCLOSURES_H_
