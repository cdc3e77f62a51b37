// SPDX-License-Identifier: Apache-2.0
// GELU in any spelling, recognized by what it computes.
#include <cmath>

#include "ir/reference/nn_eval.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

constexpr int kMaxOps = 24;
constexpr double kTolerance = 2e-6;  // erf and tanh forms differ by up to 5e-4

bool IsElementwise(mlir::Operation* op) {
  if (!op || !ElementOf(op->getResult(0)).isF32()) return false;
  auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
  return llvm::isa<nn::BinaryOp>(op) || (unary && unary.getKind() != nn::UnaryKind::cast);
}

// The value of `value` as a function of `leaf` at `x`; nothing if it depends on anything else than
// scalars.
class Probe {
 public:
  explicit Probe(mlir::Value leaf) : leaf_(leaf) {}

  std::optional<double> At(mlir::Value value, double x) {
    ops_ = 0;
    return Evaluate(value, x);
  }

 private:
  std::optional<double> Evaluate(mlir::Value value, double x) {
    if (value == leaf_) return x;
    if (auto scalar = MatchScalar(value)) return scalar;
    mlir::Operation* op = value.getDefiningOp();
    if (!IsElementwise(op) || ++ops_ > kMaxOps) return std::nullopt;
    auto first = Evaluate(op->getOperand(0), x);
    if (!first) return std::nullopt;
    if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op))
      return nn::ScalarUnary(unary.getKind(), *first);
    auto second = Evaluate(op->getOperand(1), x);
    if (!second) return std::nullopt;
    return nn::ScalarBinary(llvm::cast<nn::BinaryOp>(op).getKind(), *first, *second);
  }

  mlir::Value leaf_;
  int ops_ = 0;
};

bool Computes(mlir::Value root, mlir::Value leaf, nn::UnaryKind kind) {
  Probe probe(leaf);
  for (double x = -6; x <= 6; x += 0.375) {
    auto value = probe.At(root, x);
    if (!value ||
        !(std::fabs(*value - nn::ScalarUnary(kind, x)) <= kTolerance * std::max(1.0, std::fabs(x))))
      return false;
  }
  return true;
}

// The factors of a product and their factors: the argument of a GELU is one of them.
void CollectFactors(mlir::Value value, int depth, llvm::SmallVectorImpl<mlir::Value>& factors) {
  auto op = value.getDefiningOp<nn::BinaryOp>();
  if (!op || depth == 0 ||
      (op.getKind() != nn::BinaryKind::mul && op.getKind() != nn::BinaryKind::div))
    return;
  for (mlir::Value operand : op->getOperands()) {
    if (MatchScalar(operand)) continue;
    factors.push_back(operand);
    CollectFactors(operand, depth - 1, factors);
  }
}

struct RaiseGelu : mlir::OpRewritePattern<nn::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (op.getKind() != nn::BinaryKind::mul || !op.getType().getElementType().isF32())
      return mlir::failure();
    llvm::SmallVector<mlir::Value> factors;
    CollectFactors(op.getResult(), 2, factors);
    for (mlir::Value leaf : factors) {
      if (leaf.getType() != op.getType()) continue;
      for (nn::UnaryKind kind : {nn::UnaryKind::gelu, nn::UnaryKind::gelu_tanh}) {
        if (!Computes(op.getResult(), leaf, kind)) continue;
        ReplaceWithRange(rewriter, op,
                         rewriter.create<nn::UnaryOp>(op.getLoc(), op.getType(), kind, leaf));
        return mlir::success();
      }
    }
    return mlir::failure();
  }
};

}  // namespace

void AddActivationPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<RaiseGelu>(patterns.getContext());
}

}  // namespace mpcc
