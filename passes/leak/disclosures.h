// SPDX-License-Identifier: Apache-2.0
// Who learns what when an online function runs, for the plan and the leak report.
#ifndef MPCC_PASSES_LEAK_DISCLOSURES_H_
#define MPCC_PASSES_LEAK_DISCLOSURES_H_

#include <string>
#include <vector>

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// A DisclosureAttr for each thing that a party learns, what all learn first. They depend on shapes,
// widths and declared leakage only. REQUIRES: verify-no-leak found nothing.
mlir::ArrayAttr Disclosures(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_DISCLOSURES_H_
