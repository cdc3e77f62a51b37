// SPDX-License-Identifier: Apache-2.0
// nn operations as rows of the table of plaintext operators (runtime/plain).
#ifndef MPCC_IR_NN_PLAIN_H_
#define MPCC_IR_NN_PLAIN_H_

#include <optional>
#include <string>

#include "ir/nn/nn.h"
#include "runtime/plain/operators.h"

namespace mpcc::nn {

// An operation's row, and its parameters. Operands are those of the operation, in order.
struct PlainCall {
  int number;
  llvm::SmallVector<int64_t> ints;
  double real = 0;
};

// Nothing for constants, quantizers, linear layers, and arithmetic on quantized elements.
std::optional<PlainCall> PlainCallOf(mlir::Operation* op);

// f32 to kF32, i64 and i1 to kI64, quantized elements to kI32, their storage integers.
plain::Form FormOf(mlir::Type type);

// The type of an operator's result, or why there is none.
absl::StatusOr<mlir::RankedTensorType> PlainResult(int number, mlir::TypeRange operands,
                                                   llvm::ArrayRef<int64_t> ints);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_PLAIN_H_
