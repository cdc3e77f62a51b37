// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/material.h"

#include "ir/mpc/mpc.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "passes/analysis/phase.h"

namespace mpcc {
namespace {

using mpc::ShareType;

// A dealt operation seen alike online and at P0: types of its operands and result, attributes.
struct Dealing {
  llvm::StringRef target;
  llvm::SmallVector<ShareType> operands;
  ShareType result;
  mlir::DictionaryAttr params;

  bool HasConstant() const { return operands.back().isPrivate(); }
};

Dealing DealingOf(mlir::Operation* op) {
  Dealing dealing;
  for (mlir::Type type : op->getOperandTypes())
    dealing.operands.push_back(llvm::cast<ShareType>(type));
  if (auto deal = llvm::dyn_cast<mpc::DealOp>(op)) {
    dealing.target = deal.getTarget();
    dealing.result = llvm::cast<ShareType>(deal.getResultType());
    dealing.params = deal.getParams();
  } else {
    dealing.target = op->getName().stripDialect();
    dealing.result = llvm::cast<ShareType>(op->getResult(0).getType());
    dealing.params = op->getAttrDictionary();
  }
  return dealing;
}

int LastExtentBits(ShareType table) { return llvm::Log2_64(table.getShape().back()); }

int NoIndex(const Dealing&) { return 0; }
int LutIndex(const Dealing& d) { return LastExtentBits(d.operands[1]); }
int Lut2Index(const Dealing& d) { return LastExtentBits(d.operands[2]); }
int ExpIndex(const Dealing& d) {
  auto low = d.params.getAs<mlir::DenseI64ArrayAttr>("low_factors");
  return static_cast<int>(d.operands[0].getWidth()) - llvm::Log2_64(low.size());
}

struct DealtRow {
  llvm::StringLiteral target;
  Operation operation;
  int (*index_bits)(const Dealing&);
};

constexpr DealtRow kDealt[] = {
    {"linear", Operation::kLinear, NoIndex}, {"matmul", Operation::kMatMul, NoIndex},
    {"dot", Operation::kDot, NoIndex},       {"product", Operation::kProduct, NoIndex},
    {"lut", Operation::kLut, LutIndex},      {"lut2", Operation::kLut2, Lut2Index},
    {"exp", Operation::kExp, ExpIndex},      {"wrap", Operation::kWrap, NoIndex},
};

Shape ShapeOf(ShareType type) { return {type.getShape().begin(), type.getShape().end()}; }

std::vector<PackedVector> ProductVectors(const Dealing& dealing) {
  std::vector<Shape> factors;
  for (ShareType type : dealing.operands) factors.push_back(ShapeOf(type));
  std::optional<Shape> constant;
  if (dealing.HasConstant()) {
    constant = std::move(factors.back());
    factors.pop_back();
  }
  std::vector<PackedVector> vectors;
  for (const Shape& shape : ProductSubsetShapes(factors, constant))
    vectors.push_back({ElementCount(shape), static_cast<int>(dealing.result.getWidth())});
  return vectors;
}

template <typename Range>
std::vector<PackedVector> VectorsOfTypes(Range types) {
  std::vector<PackedVector> vectors;
  for (mlir::Type type : types) {
    auto share = llvm::cast<ShareType>(type);
    vectors.push_back(
        {static_cast<uint64_t>(share.numElements()), static_cast<int>(share.getWidth())});
  }
  return vectors;
}

}  // namespace

std::vector<PackedVector> DealtVectorsOf(mlir::Operation* op) {
  if (RoleOf(op) != Role::kDeals && !llvm::isa<mpc::DealOp>(op)) return {};
  const Dealing dealing = DealingOf(op);
  if (dealing.target == "product") return ProductVectors(dealing);
  const DealtRow* row =
      llvm::find_if(kDealt, [&](const DealtRow& r) { return r.target == dealing.target; });
  if (row == std::end(kDealt)) return {};
  return DealtVectors(row->operation, dealing.result.numElements(), dealing.result.getWidth(),
                      row->index_bits(dealing));
}

size_t StreamCount(mlir::Operation* op) {
  return RoleOf(op) == Role::kDrawsMasks ? op->getNumResults() : DealtVectorsOf(op).size();
}

Cost CostOfOperation(mlir::Operation* op) {
  if (llvm::isa<mpc::InputOp>(op))
    return ExchangeCost(Operation::kInput, VectorsOfTypes(op->getResultTypes()));
  if (llvm::isa<mpc::ReshareOp>(op))
    return ExchangeCost(Operation::kReshare, VectorsOfTypes(op->getResultTypes()));
  if (llvm::isa<mpc::RevealOp>(op))
    return ExchangeCost(Operation::kReveal, VectorsOfTypes(op->getOperandTypes()));
  Cost cost = DealtCost(DealtVectorsOf(op));
  if (auto linear = llvm::dyn_cast<mpc::LinearOp>(op))
    cost.setup_bytes =
        VectorsOfTypes(mlir::TypeRange(linear.getWeight().getType())).front().MaterialBytes();
  return cost;
}

}  // namespace mpcc
