// SPDX-License-Identifier: Apache-2.0
// Tensors of the interpreter through the evaluator of plaintext operators.
#ifndef MPCC_IR_REFERENCE_NN_PLAIN_H_
#define MPCC_IR_REFERENCE_NN_PLAIN_H_

#include "absl/status/statusor.h"
#include "ir/nn/plain.h"
#include "ir/reference/tensor.h"
#include "llvm/ADT/ArrayRef.h"

namespace mpcc::nn {

// The operator of `call` on these operands. INVALID_ARGUMENT if it does not take them, or for what
// only the data can break.
absl::StatusOr<Tensor> EvaluatePlain(const PlainCall& call, llvm::ArrayRef<const Tensor*> in);

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_NN_PLAIN_H_
