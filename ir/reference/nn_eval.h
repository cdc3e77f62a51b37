// SPDX-License-Identifier: Apache-2.0
// One function per nn op that is no plaintext operator (ir/nn/plain.h). Operands are those of the
// op, in order; absent optional ones are not there. The IR is verified, so shapes and element kinds
// fit; what only the data can break is returned as a status.
#ifndef MPCC_IR_REFERENCE_NN_EVAL_H_
#define MPCC_IR_REFERENCE_NN_EVAL_H_

#include "absl/status/statusor.h"
#include "ir/nn/rows.h"
#include "ir/reference/tensor.h"

namespace mpcc::nn {

using Operands = llvm::ArrayRef<const Tensor*>;

// nn_eval_quantized.cc
absl::StatusOr<Tensor> Eval(BinaryOp op, Operands in);  // of storage integers
absl::StatusOr<Tensor> Eval(QuantizeOp op, Operands in);
absl::StatusOr<Tensor> Eval(DequantizeOp op, Operands in);

// nn_map.cc
absl::StatusOr<Tensor> Eval(MapOp op, Operands in);

// One element of a float unary or binary op; NaN for kinds without a float meaning.
double ScalarUnary(UnaryKind kind, double x);
double ScalarBinary(BinaryKind kind, double a, double b);

// nn_eval_product.cc
absl::StatusOr<Tensor> Eval(LinearOp op, Operands in);
absl::StatusOr<Tensor> Eval(MatMulOp op, Operands in);

// nn_eval_row.cc
absl::StatusOr<Tensor> Eval(VarianceOp op, Operands in);
absl::StatusOr<Tensor> Eval(StandardizeOp op, Operands in);

// The real values of a tensor of `type` (f32 or quantized).
Tensor::Floats RealValues(const Tensor& tensor, mlir::Type type);

inline std::vector<int64_t> ResultShape(mlir::Operation* op) {
  return llvm::cast<mlir::ShapedType>(op->getResult(0).getType()).getShape().vec();
}

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_EVAL_H_
