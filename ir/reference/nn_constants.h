// SPDX-License-Identifier: Apache-2.0
// Reading and making nn.constant, whatever attribute holds the elements.
#ifndef MPCC_IR_REFERENCE_NN_CONSTANTS_H_
#define MPCC_IR_REFERENCE_NN_CONSTANTS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "ir/nn/nn.h"
#include "ir/reference/tensor.h"

namespace mpcc::nn {

// The elements of a constant. INVALID_ARGUMENT if its resource was elided from the text or has the
// wrong size.
absl::StatusOr<Tensor> GetConstantTensor(ConstantOp op);

// The real values of a float constant, or of a quantized one behind a dequantizer; nothing for
// other values.
std::optional<Tensor> RealConstant(mlir::Value value);

// The single value that a float constant holds in every element, nothing for other values.
std::optional<double> GetSplatFloat(mlir::Value value);

// A constant of `type` with the elements of `tensor`, whose alternative must fit the element type.
// Tensors of more than kInlineElements go into a resource blob, which MLIR neither hashes nor
// copies.
inline constexpr int64_t kInlineElements = 64;
ConstantOp MakeConstant(mlir::OpBuilder& builder, mlir::Location loc, const Tensor& tensor,
                        mlir::RankedTensorType type, bool is_public = false);

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_CONSTANTS_H_
