// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "passes/analysis/visibility.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"

namespace mpcc {

#define GEN_PASS_DEF_VERIFYCANONICALNN
#include "passes/nn/passes.h.inc"

namespace {

constexpr char kSimplify[] =
    "quantize only MatMul and Gemm (op_types_to_quantize), and export normalizations and "
    "activations as single "
    "operators or in their usual form";

std::string Why(const std::string& found, const std::string& accepted, const std::string& remedy) {
  return found + "; accepted: " + accepted + "; remedy: " + remedy;
}

// A constant that varies at most along the last dimension.
bool IsVector(mlir::Value value) {
  if (MatchScalar(value)) return true;
  llvm::ArrayRef<int64_t> shape = ShapeOf(value);
  return IsParameter(value) &&
         llvm::all_of(shape.drop_back(shape.empty() ? 0 : 1), [](int64_t d) { return d == 1; });
}

std::string WhyNotBinary(nn::BinaryOp op) {
  const nn::BinaryKind kind = op.getKind();
  if (kind == nn::BinaryKind::add || kind == nn::BinaryKind::sub) return "";
  if (kind == nn::BinaryKind::mul && (IsVector(op.getLhs()) || IsVector(op.getRhs()))) return "";
  if (kind == nn::BinaryKind::div && IsVector(op.getRhs())) return "";
  return Why("elementwise '" + nn::stringifyBinaryKind(kind).str() + "' of secret values",
             "sums, and products with a constant scalar or vector", kSimplify);
}

std::string WhyNotUnary(nn::UnaryOp op) {
  using Kind = nn::UnaryKind;
  static constexpr Kind kAccepted[] = {Kind::neg,  Kind::erf,       Kind::tanh,    Kind::relu,
                                       Kind::gelu, Kind::gelu_tanh, Kind::sigmoid, Kind::abs};
  if (llvm::is_contained(kAccepted, op.getKind())) return "";
  return Why("function '" + nn::stringifyUnaryKind(op.getKind()).str() + "' of secret values",
             "gelu, gelu_tanh, relu, tanh, erf, sigmoid, abs, neg", kSimplify);
}

// A parameter may stay real; a product of two computed values has a ring only if both are
// quantized.
std::string WhyNotMatMul(nn::MatMulOp op) {
  if (nn::IsQuantized(op.getLhs().getType()) && nn::IsQuantized(op.getRhs().getType())) return "";
  return Why("a product of computed float values",
             "both operands between QuantizeLinear and DequantizeLinear",
             "quantize the inputs of this MatMul too");
}

// A linear layer reads quantized values; small float layers (pooler, classifier) stay real.
std::string WhyNotLinear(nn::LinearOp op) {
  if (nn::IsQuantized(op.getInput().getType()) || !nn::IsQuantized(op.getWeight().getType()))
    return "";
  return Why("quantized weights with a float input", "both operands quantized, or both float",
             "quantize the input of this layer too");
}

}  // namespace

std::string WhyNotCanonical(mlir::Operation* op) {
  if (auto binary = llvm::dyn_cast<nn::BinaryOp>(op)) return WhyNotBinary(binary);
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op)) return WhyNotUnary(unary);
  if (auto product = llvm::dyn_cast<nn::MatMulOp>(op)) return WhyNotMatMul(product);
  if (auto linear = llvm::dyn_cast<nn::LinearOp>(op)) return WhyNotLinear(linear);
  if (llvm::isa<nn::GatherOp>(op))
    return Why("a lookup by data in a secret table", "tables of the public embedding", kSimplify);
  if (llvm::isa<nn::ReduceOp, nn::SelectOp>(op)) {
    return Why("'" + op->getName().stripDialect().str() + "' of secret values",
               "softmax, layer normalization, mean pooling over a mask, L2 normalization",
               kSimplify);
  }
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
