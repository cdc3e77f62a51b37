// SPDX-License-Identifier: Apache-2.0
// Softmax without a maximum and without a division (docs/lowering.md). In octaves:
//   R, the lower end of the level of the row's largest score;
//   L = log2 sum_j 2^(x_j - R);   p_j = 2^(x_j - R - L).
// Of scores that a public bound holds, R is nothing.
// Scores are opened once, and R and L as row scalars: what is read are differences of opened
// values.
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"
#include "passes/lower/softmax_masks.h"
#include "passes/lower/softmax_stairs.h"
#include "passes/mpc/leak_kinds.h"

namespace mpcc {
namespace {

// Steps that a score as large as its range stays below the end of the levels, where nothing is
// reached: it and the range are rounded.
constexpr int64_t kBelowEnd = 2;

// What is truncated, if it is: the top bits are the same.
mlir::Value Whole(mlir::Value x) {
  auto truncate = x.getDefiningOp<mpc::TruncateOp>();
  return truncate ? truncate.getInput() : x;
}

// For each row the lower end of the level of its largest score, in cells of levels: the levels
// above the first one that any element reaches, counted. Scores have `below` bits more than their
// index.
mlir::Value Reference(Rewriter& rewriter, mlir::Value x, const SoftmaxWidths& w, int below) {
  Emitter& emit = rewriter.emit;
  x = emit.AddPublic(x, LevelShift(w) << below);
  llvm::SmallVector<int64_t> shape(Emitter::TypeOf(x).getShape());
  const int64_t rows = Emitter::TypeOf(x).numElements() / shape.back(), levels = w.levels - 1;
  llvm::SmallVector<mlir::Value> counted;
  for (int level = 1; level <= levels; ++level) {
    mlir::Value reached = emit.PublicLut(x, ReachesLevel(w, level), w.count_ring);
    counted.push_back(emit.Reshape(emit.RowSum(reached), {1, rows}));
  }
  mlir::Value counts = emit.Concat(counted, 0);
  const int cell = LevelCellBits(w), ring = w.index - cell;
  std::vector<int64_t> any(int64_t{1} << w.count_ring, StepsOf(w, w.level_octaves) >> cell);
  any[0] = 0;
  mlir::Value cells = shape.back() <= rewriter.policy.softmax.table_row
                          ? emit.Lut(counts, any, ring)
                          : emit.PublicLut(counts, any, ring);
  mlir::Value sum = emit.RowSum(emit.Transpose(cells, {1, 0}));
  shape.back() = 1;
  return emit.Reshape(sum, shape);
}

// The bound stands in all plans.
void DeclareBound(Emitter& emit) {
  mlir::Operation* function = emit.builder().getInsertionBlock()->getParentOp();
  function->setAttr(kLeakAttr, emit.builder().getStringAttr(kSoftmaxBoundLeak));
}

}  // namespace

Values RewriteSoftmax(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::SoftmaxOp>();
  const auto& [w, range] = std::get<SoftmaxDetails>(demand.details);
  const auto shared = [&, &w = w](int64_t steps, int below = 0) {
    return emit.SharePrivate({steps << below}, {1}, w.index + below);
  };
  // 1. Scores, held below their bound, or the largest of all in the top level: it cancels.
  mlir::Value x = Whole(rewriter.In(demand));
  int below = static_cast<int>(Emitter::TypeOf(x).getWidth()) - w.index;
  if (w.bound > 0) {
    const int64_t most = StepsOf(w, w.bound);
    x = emit.Saturate(x, {w.index, -most, most - 1}, w.index);
    DeclareBound(emit);
    below = 0;
  } else {
    x = emit.Add(x, shared(StepsOf(w, LargestScore(w) - range) - kBelowEnd, below));
  }
  if (mlir::Value mask = AdditiveMaskShare(rewriter, op, w, below)) x = emit.Add(x, mask);
  x = emit.Open(emit.AddPublic(x, StepsOf(w, w.lowest_maximum) << below));
  // 2. The level of the row's largest, while they are truncated.
  const mlir::Value reference =
      w.levels > 1 ? emit.ScaleUp(emit.Open(Reference(rewriter, x, w, below)), LevelCellBits(w))
                   : mlir::Value();
  if (below > 0) x = emit.Open(emit.Truncate(x, w.index));
  if (reference) x = emit.Sub(x, reference);
  // 3. The sum of exponentials, and its logarithm.
  mlir::Value sum = emit.RowSum(emit.Staircase(x, Exponential(w), w.digit, w.sum_ring));
  mlir::Value log_sum = Windows(rewriter, sum, w.windows, w.index, [w = w](double value) {
    return StepsOf(w, std::log2(std::max(value, 1.0) + w.lost) - w.fraction);
  });
  // 4. The quantizer's steps, of which 1 has 2^one times what the function below begins with.
  const Quantizer& q = *demand.quantizer;
  const int bits = std::min(q.magnitude, kMostResultBits), zeros = q.magnitude - bits;
  const double one =
      std::max<double>(-std::log2(q.scale) - zeros, -kLargestStepLog2) - ResultOrigin(w, bits);
  mlir::Value z = emit.Sub(x, emit.Open(emit.Sub(log_sum, shared(StepsOf(w, one)))));
  return {emit.MulPublic(emit.Staircase(z, QuantizedPower(w, bits), w.digit, demand.ring),
                         int64_t{1} << zeros)};
}

}  // namespace mpcc
