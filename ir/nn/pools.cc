// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/pools.h"

#include <cmath>

namespace mpcc::nn {
namespace {

// The mask [B, S] of sqrt(sum(mask)), [B, 1].
mlir::Value MaskOfRoot(mlir::Value value) {
  auto root = value.getDefiningOp<UnaryOp>();
  if (!root || root.getKind() != UnaryKind::sqrt) return {};
  auto sum = root.getInput().getDefiningOp<ReduceOp>();
  const bool over_tokens = sum && sum.getKind() == ReduceKind::sum &&
                           sum.getAxes() == llvm::ArrayRef<int64_t>{1} &&
                           sum.getInput().getType().getRank() == 2;
  return over_tokens ? sum.getInput() : mlir::Value();
}

}  // namespace

double Pool::Reach() const {
  MeanPoolOp op = mean;
  const auto mask = llvm::cast<mlir::ShapedType>(op.getMask().getType());
  return root ? std::sqrt(static_cast<double>(mask.getDimSize(1))) : 1;
}

std::optional<Pool> PoolOf(mlir::Value value) {
  if (auto mean = value.getDefiningOp<MeanPoolOp>()) return Pool{value, mean};
  auto product = value.getDefiningOp<BinaryOp>();
  if (!product || product.getKind() != BinaryKind::mul) return std::nullopt;
  auto mean = product.getLhs().getDefiningOp<MeanPoolOp>();
  if (!mean || MaskOfRoot(product.getRhs()) != mean.getMask()) return std::nullopt;
  return Pool{value, mean, true};
}

mlir::Value MakeRootPool(mlir::OpBuilder& builder, MeanPoolOp mean) {
  const mlir::Location loc = mean.getLoc();
  const auto mask = llvm::cast<mlir::ShapedType>(mean.getMask().getType());
  auto column = mlir::RankedTensorType::get({mask.getDimSize(0), 1}, builder.getF32Type());
  mlir::Value count = builder.create<ReduceOp>(loc, column, ReduceKind::sum, mean.getMask(),
                                               builder.getDenseI64ArrayAttr({1}));
  mlir::Value root = builder.create<UnaryOp>(loc, column, UnaryKind::sqrt, count);
  return builder.create<BinaryOp>(loc, mean.getType(), BinaryKind::mul, mean, root);
}

}  // namespace mpcc::nn
