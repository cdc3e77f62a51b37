// SPDX-License-Identifier: Apache-2.0
#include "passes/analysis/single_source.h"

#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"

namespace mpcc {
namespace {

llvm::ArrayRef<int64_t> DimsOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}

// Elements that the body of a map takes.
bool HasNumbers(mlir::Value value) {
  mlir::Type element = llvm::cast<mlir::ShapedType>(value.getType()).getElementType();
  auto quantized = nn::QuantizedElement(element);
  return element.isF32() || element.isInteger(1) || (quantized && !nn::QuantizedAxis(quantized));
}

bool IsElementwise(mlir::Operation* op) {
  return llvm::isa<nn::UnaryOp, nn::BinaryOp, nn::SelectOp, nn::QuantizeOp, nn::DequantizeOp>(op) &&
         HasNumbers(op->getResult(0)) && llvm::all_of(op->getOperands(), HasNumbers);
}

}  // namespace

std::optional<double> ScalarOf(mlir::Value value) {
  if (auto broadcast = value.getDefiningOp<nn::BroadcastOp>()) value = broadcast.getInput();
  return nn::GetSplatFloat(value);
}

SingleSource::SingleSource(mlir::func::FuncOp function) : visibility_(function) {
  for (mlir::Value argument : function.getArguments()) order_[argument] = -1;
  int64_t order = 0;
  for (mlir::Operation& op : function.getBody().front().without_terminator()) {
    if (op.getNumResults() != 1) continue;
    order_[op.getResult(0)] = order++;
    const bool secret = !visibility_.IsVisible(op.getResult(0));
    if (mlir::Value source = secret && IsElementwise(&op) ? SourceOf(&op) : mlir::Value())
      source_[op.getResult(0)] = source;
  }
}

mlir::Value SingleSource::SourceOf(mlir::Operation* op) const {
  mlir::Value source;
  for (mlir::Value operand : op->getOperands()) {
    if (ScalarOf(operand)) continue;
    if (DimsOf(operand) != DimsOf(op->getResult(0)) || operand.getDefiningOp<nn::ConstantOp>())
      return {};
    source = source ? Meet(source, operand) : operand;
    if (!source) return {};
  }
  return source;
}

mlir::Value SingleSource::Meet(mlir::Value a, mlir::Value b) const {
  while (a && b && a != b) {
    mlir::Value& later = order_.lookup(a) > order_.lookup(b) ? a : b;
    later = Of(later);
  }
  return a && b ? a : mlir::Value();
}

}  // namespace mpcc
