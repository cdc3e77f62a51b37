// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_PASSES_LOWER_PUBLIC_QUANTIZERS_H_
#define MPCC_PASSES_LOWER_PUBLIC_QUANTIZERS_H_

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// Quantizers that are left when all secret values have been lowered are the data owner's: they
// become operators on plaintext, with scales and zero points as public constants, and what is
// between them computes with i64; products of quantized values become those of reals.
void OpenPublicQuantizers(mlir::func::FuncOp function);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_PUBLIC_QUANTIZERS_H_
