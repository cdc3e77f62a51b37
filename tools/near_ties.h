// SPDX-License-Identifier: Apache-2.0
// Labels of a network that a change which means nothing may change.
#ifndef MPCC_TOOLS_NEAR_TIES_H_
#define MPCC_TOOLS_NEAR_TIES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "ir/reference/tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Two labels of one row that differ by less than this are a near tie: twice the farthest that
// rounding noise (rounding_noise.h) took a number of the row. For each row of the last axis.
using Nearness = std::vector<double>;

// Of each result of a canonical function, for each list of arguments, several at a time; from four
// draws of the noise. INVALID_ARGUMENT where the function cannot be run.
absl::StatusOr<std::vector<std::vector<Nearness>>> NearnessOf(
    mlir::func::FuncOp canonical, const std::vector<std::vector<nn::Tensor>>& inputs);

// Whether the two largest of `width` numbers are nearer than `nearness`.
bool IsNearTie(const double* row, int64_t width, double nearness);

}  // namespace mpcc

#endif  // MPCC_TOOLS_NEAR_TIES_H_
