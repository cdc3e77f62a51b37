// SPDX-License-Identifier: Apache-2.0
// Row normalizations: layer norm, the L2 norm of a result, masked mean pooling.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/lowering.h"
#include "passes/lower/marks.h"

namespace mpcc {
namespace {

llvm::ArrayRef<int64_t> ShapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

// 2^precision / sqrt(v): at least 2^rsqrt_floor for every v below 2^bits, and clamped so that the
// lift of `ring` bits holds it.
int RsqrtPrecision(const LoweringPolicy& policy, int bits) {
  return policy.rsqrt_floor + (bits + 1) / 2;
}

TableFunction Rsqrt(int ring, int precision, double epsilon) {
  const double top = std::ldexp(1.0, ring - 2);
  return [=](double v) {
    return std::llrint(std::min(top, std::ldexp(1.0, precision) / std::sqrt(v + epsilon)));
  };
}

}  // namespace

// Level t reads bits [shift_t, shift_t + k); it decides when its index is at least 2^(k - gap),
// else the next level, `gap` octaves below, does. The carry of the bits below a window makes the
// index at most one too high, on average exact, so entry u stands for u * 2^shift.
mlir::Value Lowering::Windows(Value x, WindowWidths w, int width, const TableFunction& f) {
  const int bits = static_cast<int>(Emitter::TypeOf(x).getWidth());
  const int levels = std::min(w.levels, (bits - w.index) / w.gap + 1);
  const int64_t threshold = int64_t{1} << (w.index - w.gap);
  llvm::SmallVector<Value> selectors;
  Value sum;
  for (int t = 0; t < levels; ++t) {
    const int shift = bits - w.index - t * w.gap;
    const bool last = t + 1 == levels;
    Value term = emit_.Lut(x, WindowValues(w.index, shift, threshold, last, f), width, shift);
    if (t > 0) {
      llvm::SmallVector<Value> factors(selectors);
      factors.push_back(term);
      term = emit_.Product(factors);
    }
    sum = sum ? emit_.Add(sum, term) : term;
    if (!last) selectors.push_back(emit_.Lut(x, WindowSelectors(w.index, threshold), width, shift));
  }
  return sum;
}

// h in norm_width bits, lifted; then everything up to the variance is local on replicated shares:
// n^2 var = n sum h^2 - (sum h)^2.
mlir::FailureOr<Lowering::Normalized> Lowering::Normalize(nn::LayerNormOp op) {
  auto known = normalized_.find(op);
  if (known != normalized_.end()) return known->second;
  auto range = RangeOf(op.getInput(), {.spread = policy_.row_spread});
  auto windows = WindowsOf(op);
  if (mlir::failed(range) || mlir::failed(windows)) return mlir::failure();
  auto h =
      LowerReal(op.getInput(), {policy_.norm_width, std::ldexp(*range, 2 - policy_.norm_width)});
  if (mlir::failed(h)) return mlir::failure();
  Mark(op.getInput(), *h, kRowPlace, std::ldexp(h->unit, policy_.norm_width - 2));
  At(op);
  const int64_t n = ShapeOf(op.getInput()).back();
  Value wide = emit_.Lift(h->value, policy_.norm_ring);
  Value sum = emit_.RowSum(wide);
  Value variance = emit_.Sub(emit_.MulPublic(emit_.Dot(wide, wide), n), emit_.Product({sum, sum}));
  const int bits = 2 * (policy_.norm_width - 2) + 2 * CeilLog2(n) + 1;
  const int precision = RsqrtPrecision(policy_, bits - 1);
  const double epsilon = op.getEpsilon().convertToDouble() * n * n / (h->unit * h->unit);
  Value rsqrt = Windows(emit_.Resize(variance, bits), *windows, policy_.rsqrt_ring,
                        Rsqrt(policy_.rsqrt_ring, precision, epsilon));
  Normalized out{emit_.Sub(emit_.MulPublic(wide, n), sum),
                 emit_.Lift(rsqrt, policy_.norm_ring, /*is_unsigned=*/true), precision};
  return normalized_[op] = out;
}

mlir::FailureOr<Fixed> Lowering::LowerLayerNorm(nn::LayerNormOp op, Want want) {
  if (mlir::failed(FitsRing(op.getLoc(), want, policy_.norm_ring))) return mlir::failure();
  auto parts = Normalize(op);
  auto gamma = ReadConstant(op.getGamma());
  auto beta = ReadConstant(op.getBeta());
  if (mlir::failed(parts) || mlir::failed(gamma) || mlir::failed(beta)) return mlir::failure();
  At(op);
  for (size_t j = 0; j < gamma->values.size(); ++j) {
    gamma->values[j] *= want.Column(j);
    beta->values[j] *= want.Column(j);
  }
  const double unit = std::ldexp(want.unit, want.width - policy_.norm_ring);
  // centered * rsqrt = 2^precision (h - mean) / std, so gamma absorbs the unit wanted.
  const auto scaled = InUnits(gamma->values, std::ldexp(unit, parts->precision));
  Value y =
      emit_.Product({parts->centered, parts->rsqrt}, emit_.PrivateRow(scaled, policy_.norm_ring));
  y = emit_.Add(y, emit_.SharePrivate(InUnits(beta->values, unit), beta->shape, policy_.norm_ring));
  return Fixed{emit_.Extract(y, want.width), want.unit};
}

// A mean in one unit reaches `limit`, others have the room of a row.
Room Lowering::RoomOfMean(const Want& want, double limit) {
  if (limit == Room::kUnlimited) return {.spread = policy_.row_spread};
  return {.spread = Room::kUnlimited, .provable = limit / want.LargestColumn()};
}

// The weights mask / count are P1's plaintext; the pooled sum is one product.
mlir::FailureOr<Fixed> Lowering::LowerMeanPool(nn::MeanPoolOp op, Want want) {
  if (mlir::failed(FitsRing(op.getLoc(), want, policy_.exact_pool_width + policy_.pool_fraction)))
    return mlir::failure();
  // A mean is no larger than its terms, so that the ring has just the bits of a term and a weight.
  auto choice = ChoiceOf(op, {0, want.width, want.exact});
  if (mlir::failed(choice)) return mlir::failure();
  const bool exact = choice->construction() == kExactMean.name;
  const int width = choice->width("index"), ring = width + policy_.pool_fraction;
  const double asked = std::ldexp(want.unit, want.width - width);
  auto range = RangeOf(op.getInput(),
                       RoomOfMean(want, exact ? std::ldexp(asked, width - 2) : Room::kUnlimited));
  if (mlir::failed(range)) return mlir::failure();
  const double reach = *range * want.LargestColumn();
  const double unit = exact ? asked : std::max(asked, std::ldexp(reach, 2 - width));
  const double limit = std::ldexp(unit, width - 2);
  if (reach > limit)
    return Refuse(op.getLoc(),
                  fmt::format("means of values that reach {:g} with their margin", reach),
                  fmt::format("values up to {:g} in this place", limit),
                  "normalize the mean, or scale it down by a constant");
  auto x = LowerReal(op.getInput(), {width, unit, exact, want.columns});
  if (mlir::failed(x)) return mlir::failure();
  if (!want.columns) Mark(op.getInput(), *x, kMeanPlace, limit);
  At(op);
  auto shape = ShapeOf(op.getInput());
  mlir::OpBuilder& b = builder_;
  auto count_type = mlir::RankedTensorType::get({shape[0], 1}, b.getF32Type());
  Value count = b.create<nn::ReduceOp>(op.getLoc(), count_type, nn::ReduceKind::sum, op.getMask(),
                                       b.getDenseI64ArrayAttr({1}));
  Value one = b.create<nn::ConstantOp>(
      op.getLoc(), count_type,
      mlir::DenseElementsAttr::get(count_type, b.getF32FloatAttr(1.0f).getValue()), true);
  count = b.create<nn::BinaryOp>(op.getLoc(), count_type, nn::BinaryKind::max, count, one);
  Value weights = b.create<nn::BinaryOp>(op.getLoc(), op.getMask().getType(), nn::BinaryKind::div,
                                         op.getMask(), count);
  Value shared = emit_.Input(emit_.Encode(weights, policy_.pool_fraction, ring));
  shared = emit_.Reshape(shared, {shape[0], 1, shape[1]});
  Value pooled = emit_.MatMul(shared, emit_.Lift(x->value, ring), /*transpose_b=*/false);
  pooled = emit_.Reshape(pooled, {shape[0], shape[2]});
  return Fixed{emit_.Extract(pooled, want.width), std::ldexp(x->unit, width - want.width)};
}

mlir::FailureOr<mlir::Value> Lowering::LowerL2Normalize(nn::L2NormalizeOp op) {
  auto range = RangeOf(op.getInput(), {.spread = policy_.row_spread});
  auto windows = WindowsOf(op);
  if (mlir::failed(range) || mlir::failed(windows)) return mlir::failure();
  auto v =
      LowerReal(op.getInput(), {policy_.norm_width, std::ldexp(*range, 2 - policy_.norm_width)});
  if (mlir::failed(v)) return mlir::failure();
  Mark(op.getInput(), *v, kRowPlace, std::ldexp(v->unit, policy_.norm_width - 2));
  At(op);
  const int64_t n = ShapeOf(op.getInput()).back();
  const int bits = 2 * (policy_.norm_width - 2) + CeilLog2(n) + 1;
  const int precision = RsqrtPrecision(policy_, bits - 1);
  const double epsilon = std::pow(op.getEpsilon().convertToDouble() / v->unit, 2);
  Value wide = emit_.Lift(v->value, policy_.norm_ring);
  Value norm = emit_.Resize(emit_.Dot(wide, wide), bits);
  Value rsqrt =
      Windows(norm, *windows, policy_.rsqrt_ring, Rsqrt(policy_.rsqrt_ring, precision, epsilon));
  Value y = emit_.Product({wide, emit_.Lift(rsqrt, policy_.norm_ring, /*is_unsigned=*/true)});
  // |y| <= 2^precision stands for 1.
  y = emit_.Extract(emit_.Resize(y, precision + 2), policy_.output_fraction + 2);
  return emit_.Reveal(y, policy_.output_fraction);
}

}  // namespace mpcc
