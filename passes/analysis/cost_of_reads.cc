// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/cost_of_reads.h"

#include <algorithm>

#include "ir/mpc/mpc.h"
#include "llvm/ADT/DenseMap.h"

namespace mpcc {

ReadCost CostOfReads(mlir::Block& block) {
  ReadCost cost;
  llvm::DenseMap<mlir::Value, int> depths;  // openings before a value
  for (mlir::Operation& op : block) {
    int depth = 0;
    for (mlir::Value operand : op.getOperands()) depth = std::max(depth, depths.lookup(operand));
    if (llvm::isa<mpc::ReshareOp>(op)) {
      ++depth;
      for (mlir::Value operand : op.getOperands()) {
        const auto type = llvm::cast<mpc::ShareType>(operand.getType());
        cost.online_bits += static_cast<double>(type.numElements()) * type.getWidth();
      }
    }
    for (const PackedVector& vector : mpc::DealtVectorsOf(&op))
      cost.dealt_bits += static_cast<double>(vector.elements) * vector.width;
    for (mlir::Value result : op.getResults()) depths[result] = depth;
    cost.rounds = std::max<double>(cost.rounds, depth);
  }
  return cost;
}

}  // namespace mpcc
