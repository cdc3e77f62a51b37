// SPDX-License-Identifier: Apache-2.0
#include "passes/nn/patterns.h"

#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"

namespace mpcc {

mlir::Value Real(mlir::Value value) {
  while (auto dequantize = value.getDefiningOp<nn::DequantizeOp>()) {
    auto quantize = dequantize.getInput().getDefiningOp<nn::QuantizeOp>();
    if (!quantize) break;
    value = quantize.getInput();
  }
  return value;
}

bool IsRounded(mlir::Value value, int bits) {
  if (auto dequantize = value.getDefiningOp<nn::DequantizeOp>()) value = dequantize.getInput();
  auto quantize = value.getDefiningOp<nn::QuantizeOp>();
  if (!quantize) return false;
  auto type = nn::QuantizedElement(quantize.getType());
  const bool narrow = !nn::QuantizedAxis(type) && nn::BitWidth(type) <= bits;
  return narrow || IsRounded(quantize.getInput(), bits);
}

bool IsSameReal(mlir::Value a, mlir::Value b) { return a && b && Real(a) == Real(b); }

nn::BinaryOp MatchBinary(mlir::Value value, nn::BinaryKind kind) {
  auto op = Real(value).getDefiningOp<nn::BinaryOp>();
  return op && op.getKind() == kind ? op : nn::BinaryOp();
}

nn::UnaryOp MatchUnary(mlir::Value value, nn::UnaryKind kind) {
  auto op = Real(value).getDefiningOp<nn::UnaryOp>();
  return op && op.getKind() == kind ? op : nn::UnaryOp();
}

nn::ReduceOp MatchLastReduce(mlir::Value value, nn::ReduceKind kind) {
  auto op = Real(value).getDefiningOp<nn::ReduceOp>();
  if (!op || op.getKind() != kind || op.getAxes().size() != 1) return {};
  const auto rank = static_cast<int64_t>(ShapeOf(op.getInput()).size());
  return op.getAxes()[0] == rank - 1 ? op : nn::ReduceOp();
}

std::optional<nn::Tensor> MatchParameter(mlir::Value value) { return nn::RealConstant(value); }

bool IsParameter(mlir::Value value) {
  if (auto dequantize = value.getDefiningOp<nn::DequantizeOp>()) value = dequantize.getInput();
  return value.getDefiningOp<nn::ConstantOp>() != nullptr;
}

bool IsPublicParameter(mlir::Value value) {
  if (auto dequantize = value.getDefiningOp<nn::DequantizeOp>()) value = dequantize.getInput();
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  return constant && constant.getIsPublic();
}

std::optional<double> MatchScalar(mlir::Value value) {
  if (auto broadcast = value.getDefiningOp<nn::BroadcastOp>()) value = broadcast.getInput();
  return nn::GetSplatFloat(value);
}

bool IsNear(std::optional<double> value, double wanted, double relative) {
  return value && std::fabs(*value - wanted) <= relative * std::fabs(wanted);
}

mlir::Value Peel(mlir::Value value) {
  while (mlir::Operation* op = Real(value).getDefiningOp()) {
    value = Real(value);
    auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
    const bool moves = llvm::isa<nn::BroadcastOp, nn::ReshapeOp>(op);
    if (!moves && !(unary && unary.getKind() == nn::UnaryKind::cast)) break;
    value = op->getOperand(0);
  }
  return value;
}

void ReplaceWithRange(mlir::PatternRewriter& rewriter, mlir::Operation* root, mlir::Value value) {
  mlir::Attribute range = root->getAttr(nn::kRangeAttr);
  mlir::Operation* op = value.getDefiningOp();
  if (range && op && !llvm::isa<nn::ConstantOp>(op))
    rewriter.modifyOpInPlace(op, [&] { op->setAttr(nn::kRangeAttr, range); });
  rewriter.replaceOp(root, value);
}

}  // namespace mpcc
