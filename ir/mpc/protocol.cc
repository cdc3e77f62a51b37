// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/protocol.h"

#include "ir/mpc/mpc.h"
#include "ir/mpc/mpc_interfaces.cc.inc"
#include "llvm/Support/MathExtras.h"

namespace mpcc::mpc {
namespace {

Shape ShapeOf(ShareType type) { return {type.getShape().begin(), type.getShape().end()}; }

// An online operation, or the `mpc.deal` of one.
Dealing DealingOf(mlir::Operation* op) {
  Dealing dealing;
  for (mlir::Type type : op->getOperandTypes())
    dealing.operands.push_back(llvm::cast<ShareType>(type));
  auto deal = llvm::dyn_cast<DealOp>(op);
  dealing.result = llvm::cast<ShareType>(deal ? deal.getResultType() : op->getResult(0).getType());
  dealing.params = deal ? deal.getParams() : op->getAttrDictionary();
  return dealing;
}

}  // namespace

std::vector<PackedVector> Dealing::Vectors(Operation operation, int index_bits) const {
  return DealtVectors(operation, result.numElements(), result.getWidth(), index_bits);
}

std::vector<PackedVector> Dealing::SubsetVectors() const {
  std::vector<Shape> factors;
  for (ShareType type : operands) factors.push_back(ShapeOf(type));
  std::optional<Shape> constant;
  if (operands.back().isPrivate()) {
    constant = std::move(factors.back());
    factors.pop_back();
  }
  std::vector<PackedVector> vectors;
  for (const Shape& shape : ProductSubsetShapes(factors, constant))
    vectors.push_back({ElementCount(shape), static_cast<int>(result.getWidth())});
  return vectors;
}

int Dealing::RowBits(unsigned i) const { return llvm::Log2_64(operands[i].getShape().back()); }

std::span<const int64_t> Dealing::Ints(llvm::StringRef name) const {
  return params.getAs<mlir::DenseI64ArrayAttr>(name).asArrayRef();
}

Role RoleOf(mlir::Operation* op) {
  auto protocol = llvm::dyn_cast<ProtocolOp>(op);
  return protocol ? protocol.getRole() : Role::kOnline;
}

bool IsAbstract(mlir::Operation* op) { return RoleOf(op) == Role::kAbstract; }

bool IsExchange(mlir::Operation* op) {
  auto protocol = llvm::dyn_cast<ProtocolOp>(op);
  return protocol && protocol.getCostOperation() && CostOf(*protocol.getCostOperation()).rounds > 0;
}

bool NeedsReplicated(mlir::Operation* op) {
  auto protocol = llvm::dyn_cast<ProtocolOp>(op);
  return protocol && protocol.needsReplicated();
}

llvm::ArrayRef<int64_t> StreamsOf(mlir::Operation* op) {
  auto streams = llvm::dyn_cast<StreamsOp>(op);
  mlir::DenseI64ArrayAttr numbers = streams ? streams.getStreamsAttr() : nullptr;
  return numbers ? numbers.asArrayRef() : llvm::ArrayRef<int64_t>();
}

std::vector<PackedVector> DealtVectorsOf(mlir::Operation* op) {
  if (auto deal = llvm::dyn_cast<DealOp>(op))
    return deal.targetName().getInterface<ProtocolOp>()->getDealtVectors(DealingOf(op));
  if (RoleOf(op) != Role::kDeals) return {};
  return llvm::cast<ProtocolOp>(op).getDealtVectors(DealingOf(op));
}

}  // namespace mpcc::mpc
