// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/rows.h"

#include "mlir/IR/OpImplementation.h"

#define GET_OP_CLASSES
#include "ir/nn/nn_rows.cc.inc"

namespace mpcc::nn {

bool IsNarrow(mlir::quant::QuantizedType type, int bits) {
  const int64_t count = type.getStorageTypeMax() - type.getStorageTypeMin() + 1;
  return !QuantizedAxis(type) && BitWidth(type) <= bits && count == int64_t{1} << BitWidth(type);
}

}  // namespace mpcc::nn
