// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "passes/analysis/visibility.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"

namespace mpcc {

#define GEN_PASS_DEF_VERIFYCANONICALNN
#include "passes/nn/passes.h.inc"

namespace {

std::string WhyNotBinary(nn::BinaryOp op) {
  const bool scalar = MatchScalar(op.getLhs()) || MatchScalar(op.getRhs());
  const bool product = op.getKind() == nn::BinaryKind::mul || op.getKind() == nn::BinaryKind::div;
  const bool sum = op.getKind() == nn::BinaryKind::add || op.getKind() == nn::BinaryKind::sub;
  if (sum ||
      (product && scalar && !MatchScalar(op.getLhs()) == (op.getKind() == nn::BinaryKind::div)))
    return "";
  if (op.getKind() == nn::BinaryKind::mul && scalar) return "";
  return "elementwise '" + nn::stringifyBinaryKind(op.getKind()).str() +
         "' of secret values; accepted: sums, and products with a constant scalar; use a form of "
         "LayerNormalization, "
         "GELU or pooling that mpcc recognizes";
}

std::string WhyNotUnary(nn::UnaryOp op) {
  switch (op.getKind()) {
    case nn::UnaryKind::cast:
    case nn::UnaryKind::logical_not:
    case nn::UnaryKind::sqrt:
    case nn::UnaryKind::reciprocal:
    case nn::UnaryKind::exp:
      return "function '" + nn::stringifyUnaryKind(op.getKind()).str() +
             "' of secret values; accepted: gelu, gelu_tanh, relu, tanh, erf, sigmoid; keep them "
             "inside a softmax or "
             "normalization";
    default:
      return "";
  }
}

std::string WhyNotProduct(mlir::Operation* op) {
  if (nn::IsQuantized(op->getOperand(0).getType()) && nn::IsQuantized(op->getOperand(1).getType()))
    return "";
  return "product of float operands; accepted: operands between QuantizeLinear and "
         "DequantizeLinear; quantize both";
}

}  // namespace

std::string WhyNotCanonical(mlir::Operation* op) {
  if (auto binary = llvm::dyn_cast<nn::BinaryOp>(op)) return WhyNotBinary(binary);
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op)) return WhyNotUnary(unary);
  if (llvm::isa<nn::LinearOp, nn::MatMulOp>(op)) return WhyNotProduct(op);
  if (llvm::isa<nn::GatherOp>(op))
    return "a lookup by data in a secret table; accepted: public tables";
  if (llvm::isa<nn::ReduceOp, nn::SelectOp>(op))
    return "'" + op->getName().stripDialect().str() +
           "' of secret values; accepted: mean pooling over a mask, softmax";
  return "";
}

namespace {

struct VerifyCanonicalNnPass : impl::VerifyCanonicalNnBase<VerifyCanonicalNnPass> {
  void runOnOperation() override {
    VisibilityAnalysis visibility(getOperation());
    bool failed = false;
    getOperation().walk([&](mlir::Operation* op) {
      if (op->getNumResults() != 1 || visibility.IsVisible(op->getResult(0))) return;
      std::string why = WhyNotCanonical(op);
      if (why.empty()) return;
      op->emitError() << why;
      failed = true;
    });
    if (failed) signalPassFailure();
  }
};

}  // namespace
}  // namespace mpcc
