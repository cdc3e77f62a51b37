// SPDX-License-Identifier: Apache-2.0
// How results are read before they are revealed, from their operations and from what their owner
// asked for: nothing here looks at a private number.
#ifndef MPCC_PASSES_LOWER_RESULTS_H_
#define MPCC_PASSES_LOWER_RESULTS_H_

#include <optional>

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/policy/policy.h"

namespace mpcc {

struct ResultReading {
  int fraction;    // bits after the point of what is computed
  int shown;       // of what is revealed; `fraction` without digits
  int width;       // bits that are revealed
  int read_width;  // bits that are asked of the result: more, where it is rounded after that
  std::optional<int> digits;
};

// Of result `index` of a function.
ResultReading ReadingOf(const LoweringPolicy& policy, mlir::func::FuncOp function, unsigned index);

// Reports every result whose digits the bits that it is computed in do not tell.
mlir::LogicalResult CheckDigits(const LoweringPolicy& policy, mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_RESULTS_H_
