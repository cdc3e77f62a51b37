// SPDX-License-Identifier: Apache-2.0
// What is pooled of tokens: their mean, or their sum by the root of how many they are.
#ifndef MPCC_IR_NN_POOLS_H_
#define MPCC_IR_NN_POOLS_H_

#include <optional>

#include "ir/nn/nn.h"

namespace mpcc::nn {

// With `root` it is the mean times the root of how many tokens the mask keeps, as two operations:
// the sum by that root.
struct Pool {
  mlir::Value result;
  MeanPoolOp mean;
  bool root = false;

  // How many times it may exceed its terms: the root of the tokens that the function has, or 1.
  double Reach() const;
};

// Nothing for other values.
std::optional<Pool> PoolOf(mlir::Value value);

// The mean times the root of the sum of its mask.
mlir::Value MakeRootPool(mlir::OpBuilder& builder, MeanPoolOp mean);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_POOLS_H_
