// SPDX-License-Identifier: Apache-2.0
// Operations of nn on rows that are whole steps of a quantizer (nn.td).
#ifndef MPCC_IR_NN_ROWS_H_
#define MPCC_IR_NN_ROWS_H_

#include "ir/nn/nn.h"
#include "ir/nn/types.h"

#define GET_OP_CLASSES
#include "ir/nn/nn_rows.h.inc"

namespace mpcc::nn {

// Whether one scale serves all, and every number of the type's bits is stored, of `bits` at most.
bool IsNarrow(mlir::quant::QuantizedType type, int bits);

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_ROWS_H_
