// SPDX-License-Identifier: Apache-2.0
// Parameters of an operation: its attributes, or those that a deal has in `params`.
#ifndef MPCC_TEST_LEAK_PARAMETERS_H_
#define MPCC_TEST_LEAK_PARAMETERS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "mlir/IR/Operation.h"

namespace mpcc::leak {

std::optional<int64_t> ParamOf(mlir::Operation* op, mlir::StringRef name);
void SetParam(mlir::Operation* op, mlir::StringRef name, int64_t value);

// Empty if there is none.
std::vector<int64_t> ListOf(mlir::Operation* op, mlir::StringRef name);
void SetList(mlir::Operation* op, mlir::StringRef name, const std::vector<int64_t>& list);

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_PARAMETERS_H_
