// SPDX-License-Identifier: Apache-2.0
// To how many decimal digits after the point a result is revealed.
#ifndef MPCC_IR_NN_DIGITS_H_
#define MPCC_IR_NN_DIGITS_H_

#include <optional>

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc::nn {

// Function result attribute (i64, 0 to kMostDigits); without it all bits are revealed of the ring
// that the result is computed in.
inline constexpr llvm::StringLiteral kDigitsAttr = "nn.digits";
inline constexpr int kMostDigits = 9;  // f32 holds no more

void SetDigits(mlir::func::FuncOp function, unsigned index, int digits);
// REQUIRES: VerifyDigits found nothing.
std::optional<int> DigitsOf(mlir::func::FuncOp function, unsigned index);
// Reports every result whose attribute is not as above.
mlir::LogicalResult VerifyDigits(mlir::func::FuncOp function);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_DIGITS_H_
