// SPDX-License-Identifier: Apache-2.0
// A change of a network that means nothing: less than any quantizer rounds.
#ifndef MPCC_TOOLS_ROUNDING_NOISE_H_
#define MPCC_TOOLS_ROUNDING_NOISE_H_

#include <cstdint>
#include <vector>

#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mpcc {

inline constexpr double kRoundingNoise = 0.005;  // standard deviation, in steps of a quantizer

// The quantizers of a canonical function, of one scale each, whose results the data owner does not
// see.
std::vector<nn::QuantizeOp> SecretQuantizers(mlir::func::FuncOp function);

// The network with a constant normally distributed noise before each of them, the same for a seed.
mlir::OwningOpRef<mlir::func::FuncOp> WithRoundingNoise(mlir::func::FuncOp function, uint64_t seed);

}  // namespace mpcc

#endif  // MPCC_TOOLS_ROUNDING_NOISE_H_
