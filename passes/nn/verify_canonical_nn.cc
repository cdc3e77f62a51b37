// SPDX-License-Identifier: Apache-2.0
#include "fmt/format.h"
#include "ir/nn/functions.h"
#include "ir/nn/pools.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "passes/analysis/magnitude.h"
#include "passes/analysis/refusal.h"
#include "passes/analysis/truth.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"

namespace mpcc {

#define GEN_PASS_DEF_VERIFYCANONICALNN
#include "passes/nn/passes.h.inc"

namespace {

constexpr char kSimplify[] =
    "quantize only MatMul and Gemm (op_types_to_quantize), and export with opset_version=17, which "
    "has LayerNormalization as one operator; gated layers (GEGLU, SwiGLU) and rotary positions "
    "need another encoder";
constexpr char kPoolOtherwise[] =
    "pool by the first token, or by the mean over the mask; or end the export at the vectors of "
    "the "
    "tokens, and pool them with --pool=mean or --pool=cls";
constexpr char kAbsolute[] =
    "use an encoder with absolute positions (DeBERTa looks its up by values), and pool by the "
    "first token or the mean over the mask (--pool, where the export ends at the vectors of the "
    "tokens), not at a place that is looked up";

// A constant with one element for each of the last axis of `result`, and 1 along the others.
bool IsRow(mlir::Value value, mlir::Value result) {
  llvm::ArrayRef<int64_t> shape = ShapeOf(value);
  return IsParameter(value) && !shape.empty() && shape.back() == ShapeOf(result).back() &&
         llvm::all_of(shape.drop_back(), [](int64_t d) { return d == 1; });
}

bool HasZero(mlir::Value parameter) {
  const auto tensor = MatchParameter(parameter);
  return tensor && llvm::is_contained(tensor->floats(), 0.0f);
}

std::string WhyNotFactor(nn::BinaryOp op, mlir::Value factor) {
  const bool divides = op.getKind() == nn::BinaryKind::div;
  if (divides && HasZero(factor))
    return Refusal("a division by a constant that holds 0", "divisors other than 0",
                   "correct the constant");
  return "";
}

// What is known about the values of a function.
struct Knowledge {
  explicit Knowledge(mlir::func::FuncOp function)
      : visibility(function), truths(function), magnitudes(function, visibility) {}

  nn::VisibilityAnalysis visibility;
  TruthAnalysis truths;
  MagnitudeAnalysis magnitudes;
};

std::string WhyNotBinary(nn::BinaryOp op, const Knowledge& known) {
  const nn::BinaryKind kind = op.getKind();
  if (kind == nn::BinaryKind::add || kind == nn::BinaryKind::sub) return "";
  if (nn::PoolOf(op.getResult())) return "";
  for (mlir::Value factor : {op.getRhs(), op.getLhs()}) {
    if (kind == nn::BinaryKind::div && factor != op.getRhs()) continue;
    if (kind != nn::BinaryKind::mul && kind != nn::BinaryKind::div) continue;
    if (MatchScalar(factor) || IsRow(factor, op.getResult())) return WhyNotFactor(op, factor);
    if (kind == nn::BinaryKind::mul && known.visibility.IsVisible(factor) &&
        known.truths.IsTruth(factor))
      return "";
  }
  return Refusal(
      fmt::format("elementwise '{}' of secret values", nn::stringifyBinaryKind(kind).str()),
      "sums and differences, and products with a constant scalar or row of columns, or with a "
      "condition that depends on inputs alone",
      kSimplify);
}

std::string WhyNotUnary(nn::UnaryOp op) {
  if (nn::FindSecretFunction(op.getKind())) return "";
  return Refusal(
      fmt::format("function '{}' of secret values", nn::stringifyUnaryKind(op.getKind()).str()),
      nn::SecretFunctionNames(), kSimplify);
}

// A parameter may stay real; a product of two computed values has a ring only if both are
// quantized.
std::string WhyNotMatMul(nn::MatMulOp op) {
  if (nn::IsQuantized(op.getLhs().getType()) && nn::IsQuantized(op.getRhs().getType())) return "";
  return Refusal("a product of computed float values",
                 "both operands between QuantizeLinear and DequantizeLinear",
                 "quantize the inputs of this MatMul too");
}

// A softmax is computed in the steps of the quantizer that reads it.
std::string WhyNotSoftmax(nn::SoftmaxOp op) {
  const bool read = llvm::all_of(op.getResult().getUsers(), [](mlir::Operation* user) {
    return llvm::isa<nn::QuantizeOp, nn::LinearOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(
        user);
  });
  if (read) return "";
  return Refusal("a softmax that no quantizer reads", "QuantizeLinear behind Softmax",
                 "quantize its result; or, where it ends the model, leave it out: the data owner "
                 "can apply it to the logits");
}

std::string WhyNotQuantize(nn::QuantizeOp op) {
  if (!nn::QuantizedAxis(nn::QuantizedElement(op.getResult().getType()))) return "";
  return Refusal("an activation with a scale for each channel",
                 "one scale for the whole activation", "quantize activations per tensor");
}

// A linear layer reads quantized values; small float layers (pooler, classifier) stay real.
std::string WhyNotLinear(nn::LinearOp op) {
  if (nn::IsQuantized(op.getInput().getType()) || !nn::IsQuantized(op.getWeight().getType()))
    return "";
  return Refusal("quantized weights with a float input", "both operands quantized, or both float",
                 "quantize the input of this layer too");
}

// Numbers that stand for infinity have no place in a ring: they are for the mask of a softmax
// alone, which the data owner computes with.
std::string WhyNotFinite(mlir::Operation* op, const Knowledge& known) {
  if (llvm::isa<nn::SoftmaxOp>(op)) return "";
  for (mlir::Value operand : op->getOperands())
    if (known.magnitudes.MayStandForInfinity(operand))
      return Refusal(
          "numbers that stand for infinity (1e30 and more, or the logarithm of 0) where something "
          "else than a Softmax reads them with secret values",
          "such numbers in what is added to scores before Softmax, or chosen in their place",
          "scale and transpose scores before they are masked, and clip masks that go elsewhere; "
          "where no Softmax follows, leave masked positions to the data owner, or give them a "
          "number of the size of the others");
  return "";
}

// Why the lowering would not take `op` (what was found and what to do), empty if it would.
std::string WhyNotCanonical(mlir::Operation* op, const Knowledge& known) {
  if (std::string why = WhyNotFinite(op, known); !why.empty()) return why;
  if (auto binary = llvm::dyn_cast<nn::BinaryOp>(op)) return WhyNotBinary(binary, known);
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op)) return WhyNotUnary(unary);
  if (auto product = llvm::dyn_cast<nn::MatMulOp>(op)) return WhyNotMatMul(product);
  if (auto linear = llvm::dyn_cast<nn::LinearOp>(op)) return WhyNotLinear(linear);
  if (auto softmax = llvm::dyn_cast<nn::SoftmaxOp>(op)) return WhyNotSoftmax(softmax);
  if (auto quantize = llvm::dyn_cast<nn::QuantizeOp>(op)) return WhyNotQuantize(quantize);
  if (llvm::isa<nn::GatherOp>(op))
    return Refusal("a lookup by data in a secret table", "tables of the public embedding",
                   kAbsolute);
  if (auto plain = llvm::dyn_cast<nn::PlainOp>(op))
    return Refusal(fmt::format("operator '{}' of secret values", plain.getName().str()),
                   "this operator on what inputs and the public embedding decide alone",
                   plain.getName().starts_with("Gather") ? kAbsolute : kSimplify);
  if (llvm::isa<nn::ReduceOp, nn::SelectOp>(op)) {
    return Refusal(fmt::format("'{}' of secret values", op->getName().stripDialect().str()),
                   "softmax, layer normalization, mean pooling over a mask, L2 normalization",
                   kPoolOtherwise);
  }
  return "";
}

struct VerifyCanonicalNnPass : impl::VerifyCanonicalNnBase<VerifyCanonicalNnPass> {
  void runOnOperation() override {
    const Knowledge known(getOperation());
    bool failed = false;
    getOperation().walk([&](mlir::Operation* op) {
      const bool in_map = llvm::isa<nn::MapOp>(op->getParentOp());
      if (in_map || op->getNumResults() != 1 || known.visibility.IsVisible(op->getResult(0)))
        return;
      std::string why = WhyNotCanonical(op, known);
      if (why.empty()) return;
      op->emitError() << why;
      failed = true;
    });
    if (failed) signalPassFailure();
  }
};

}  // namespace

}  // namespace mpcc
