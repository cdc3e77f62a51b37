// SPDX-License-Identifier: Apache-2.0
// To how many decimal digits results are revealed, as their owner says.
#ifndef MPCC_FRONTEND_RESULT_DIGITS_H_
#define MPCC_FRONTEND_RESULT_DIGITS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "frontend/problem.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Decimal digits after the point; nothing: all bits of the ring that a result is computed in.
using Digits = std::optional<int>;

struct ResultDigits {
  Digits usual = {};
  std::map<std::string, Digits> named = {};  // by the names of results
};

// Where nothing is said: what is computed with quantized numbers has no more to tell.
inline constexpr int kUsualDigits = 4;

// Of texts "3", "all", "name=3" and "name=all"; kUsualDigits where none is without a name.
// INVALID_ARGUMENT with all that cannot be read or is said twice.
absl::StatusOr<ResultDigits> ParseDigits(const std::vector<std::string>& texts);

// Writes nn.digits on the real results of an imported function that are revealed. A name that none
// of them has is a problem. REQUIRES: names of results.
void SetDigits(mlir::func::FuncOp function, const ResultDigits& digits, Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_RESULT_DIGITS_H_
