// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/material.h"

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"

namespace mpcc {
namespace {

PackedVector VectorOf(mlir::Type type) {
  auto share = llvm::cast<mpc::ShareType>(type);
  return {static_cast<uint64_t>(share.numElements()), static_cast<int>(share.getWidth())};
}

// What goes over the wire: the shared operands, of an input the results.
std::vector<PackedVector> ExchangedVectorsOf(mlir::Operation* op) {
  const auto is_share = [](mlir::Type type) { return llvm::isa<mpc::ShareType>(type); };
  const bool operands = llvm::any_of(op->getOperandTypes(), is_share);
  std::vector<PackedVector> vectors;
  for (mlir::Type type :
       operands ? mlir::TypeRange(op->getOperandTypes()) : mlir::TypeRange(op->getResultTypes()))
    vectors.push_back(VectorOf(type));
  return vectors;
}

}  // namespace

size_t StreamCount(mlir::Operation* op) {
  return mpc::RoleOf(op) == mpc::Role::kDrawsMasks ? op->getNumResults()
                                                   : mpc::DealtVectorsOf(op).size();
}

Cost CostOfOperation(mlir::Operation* op) {
  if (mpc::IsExchange(op))
    return ExchangeCost(*llvm::cast<mpc::ProtocolOp>(op).getCostOperation(),
                        ExchangedVectorsOf(op));
  Cost cost = DealtCost(mpc::DealtVectorsOf(op));
  if (auto linear = llvm::dyn_cast<mpc::LinearOp>(op))
    cost.setup_bytes = VectorOf(linear.getWeight().getType()).MaterialBytes();
  return cost;
}

}  // namespace mpcc
