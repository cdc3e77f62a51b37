// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/wire_bytes.h"

#include "ir/mpc/mpc.h"
#include "runtime/base/alignment.h"
#include "runtime/base/ring.h"

namespace mpcc {

using mpc::ShareType;

bool IsWire(mlir::Value value) {
  auto share = llvm::dyn_cast<ShareType>(value.getType());
  return !share || !share.isPrivate();
}

uint64_t WireBytes(mlir::Value value) {
  if (auto share = llvm::dyn_cast<ShareType>(value.getType())) {
    const int components = share.isAdd() ? 1 : 2;
    return components * AlignUp(WireVectorBytes(share.numElements(), share.getWidth()));
  }
  auto tensor = llvm::cast<mlir::RankedTensorType>(value.getType());
  const unsigned bits = tensor.getElementType().isF32() ? 32 : 64;
  return AlignUp(LaneVectorBytes(tensor.getNumElements(), bits));
}

}  // namespace mpcc
