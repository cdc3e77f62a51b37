// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/results.h"

#include "fmt/format.h"
#include "ir/nn/digits.h"
#include "ir/nn/nn.h"
#include "ir/nn/pools.h"
#include "ir/nn/visibility.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/nn_values.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

// What a value is that is only moved and, with `offsets`, added to a constant or scaled by one;
// nothing where two values that are computed meet.
mlir::Operation* Behind(mlir::Value real, bool offsets) {
  mlir::Operation* op = real.getDefiningOp();
  if (IsStructural(op)) return Behind(op->getOperand(0), offsets);
  if (const auto pool = nn::PoolOf(real)) return pool->mean;
  auto binary = llvm::dyn_cast_or_null<nn::BinaryOp>(op);
  if (!binary) return op;
  const bool sum =
      binary.getKind() == nn::BinaryKind::add || binary.getKind() == nn::BinaryKind::sub;
  const bool left = binary.getLhs().getDefiningOp<nn::ConstantOp>() != nullptr;
  const bool right = binary.getRhs().getDefiningOp<nn::ConstantOp>() != nullptr;
  if (left == right || (sum && !offsets)) return nullptr;
  return Behind(left ? binary.getRhs() : binary.getLhs(), offsets);
}

// Whether the last operation reads top bits of a wider ring, or a table: that gives any digits.
bool RoundsItself(const LoweringPolicy& policy, mlir::Value result) {
  mlir::Operation* op = Behind(result, /*offsets=*/false);
  if (!op) return false;
  return IsFunction(op) ||
         (!policy.paper() &&
          llvm::isa<nn::LinearOp, nn::MatMulOp, nn::LayerNormOp, nn::MeanPoolOp>(op));
}

mlir::Value ResultOf(mlir::func::FuncOp function, unsigned index) {
  return function.getBody().front().getTerminator()->getOperand(index);
}

int MostDigits(const ResultReading& reading, bool unit) {
  int digits = 0;
  while (FractionOfDigits(digits + 1) < reading.fraction + (unit ? 1 : 0)) ++digits;
  return digits;
}

}  // namespace

ResultReading ReadingOf(const LoweringPolicy& policy, mlir::func::FuncOp function, unsigned index) {
  const mlir::Value result = ResultOf(function, index);
  ResultReading reading{policy.logit_fraction, 0, 0, policy.real_ring, std::nullopt};
  const bool unit = llvm::isa_and_present<nn::L2NormalizeOp>(result.getDefiningOp());
  if (unit)
    reading.fraction = policy.output_fraction;
  else if (llvm::isa_and_present<nn::MeanPoolOp>(Behind(result, /*offsets=*/true)))
    reading.fraction = policy.mean_fraction;
  reading.digits = nn::DigitsOf(function, index);
  reading.shown = reading.digits ? FractionOfDigits(*reading.digits) : reading.fraction;
  reading.width = policy.real_ring - reading.fraction + reading.shown;
  if (RoundsItself(policy, result)) reading.read_width = reading.width;
  return reading;
}

mlir::LogicalResult CheckDigits(const LoweringPolicy& policy, mlir::func::FuncOp function) {
  if (mlir::failed(nn::VerifyDigits(function))) return mlir::failure();
  const nn::VisibilityAnalysis visibility(function);
  bool fits = true;
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    const mlir::Value result = ResultOf(function, i);
    if (visibility.IsVisible(result)) continue;
    const ResultReading reading = ReadingOf(policy, function, i);
    const int most =
        MostDigits(reading, llvm::isa_and_present<nn::L2NormalizeOp>(result.getDefiningOp()));
    if (!reading.digits || *reading.digits <= most) continue;
    fits = false;
    (void)Refuse(result.getLoc(),
                 fmt::format("a result to {} decimal digits, computed in {} bits after the point",
                             *reading.digits, reading.fraction),
                 fmt::format("0 to {} digits here, or all bits", most),
                 "ask for fewer with --digits, or for all");
  }
  return mlir::success(fits);
}

}  // namespace mpcc
