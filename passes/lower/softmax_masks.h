// SPDX-License-Identifier: Apache-2.0
// What P1 adds to its share of a softmax's index: it knows the mask in the clear.
#ifndef MPCC_PASSES_LOWER_SOFTMAX_MASKS_H_
#define MPCC_PASSES_LOWER_SOFTMAX_MASKS_H_

#include "passes/lower/rewrite.h"

namespace mpcc {

// -2^value_log2 at masked positions.
mlir::Value MaskShare(Rewriter& rewriter, nn::SoftmaxOp op, int width, int64_t value_log2);
// The mask in the steps of the exponent's index, with `below` bits below them; null where it says
// the same of a whole row.
mlir::Value AdditiveMaskShare(Rewriter& rewriter, nn::SoftmaxOp op, const SoftmaxWidths& w,
                              int below);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_SOFTMAX_MASKS_H_
