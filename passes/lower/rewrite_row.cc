// SPDX-License-Identifier: Apache-2.0
// Row normalizations: layer norm, the L2 norm of a result, masked mean pooling.
#include <cmath>

#include "ir/nn/pools.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"
#include "passes/lower/sites.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

// numerator / sqrt(v) of an integer v, as a public function of it: epsilon is private, and added
// before.
mlir::Value ReadRsqrt(Rewriter& rewriter, mlir::Value v, const NormDetails& norm, int ring) {
  Emitter& emit = rewriter.emit;
  v = emit.Resize(v, norm.bits);
  v = emit.Add(v, emit.SharePrivate({std::llrint(norm.epsilon)}, {1}, norm.bits));
  return Windows(rewriter, v, norm.windows, ring, Rsqrt(norm.numerator));
}

}  // namespace

mlir::Value Windows(Rewriter& rewriter, mlir::Value x, WindowWidths w, int width,
                    const TableFunction& f) {
  const int bits = static_cast<int>(Emitter::TypeOf(x).getWidth());
  return rewriter.emit.LeadingLut(x, w.index, w.gap, WindowValues(bits, w, f), width);
}

// The mean of n numbers of `width` bits, whose sum is given, to the nearest; in `width` + 1 bits.
static mlir::Value Mean(Emitter& emit, mlir::Value sum, int64_t n, int width) {
  const int ring = static_cast<int>(Emitter::TypeOf(sum).getWidth());
  const int fraction = std::min(ring - width - 1, width + CeilLog2(n));  // of 1/n
  const int64_t half = int64_t{1} << (fraction - 1);
  const int64_t scale = std::llrint(std::ldexp(1.0 / static_cast<double>(n), fraction));
  return emit.Truncate(emit.AddPublic(emit.MulPublic(sum, scale), half), ring - fraction);
}

// n^2 var = n sum h^2 - (sum h)^2. The mean is found beside it, and is a row scalar: h less the
// mean needs no factor n.
Values RewriteNormalized(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& norm = std::get<NormDetails>(demand.details);
  const int64_t n = ExtentsOf(demand.value).back();
  const mlir::Value h = rewriter.In(demand);
  const int width = static_cast<int>(Emitter::TypeOf(h).getWidth());
  mlir::Value wide = emit.Lift(h, std::max(norm.bits, demand.ring));
  mlir::Value sum = emit.RowSum(wide);
  mlir::Value square = emit.Product({sum, sum});
  mlir::Value variance = emit.Sub(emit.MulPublic(emit.Dot(wide, wide), n), square);
  mlir::Value mean = emit.Lift(Mean(emit, sum, n, width), demand.ring);
  return {emit.Sub(emit.Resize(wide, demand.ring), mean),
          ReadRsqrt(rewriter, variance, norm, demand.ring)};
}

Values RewriteLayerNorm(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::LayerNormOp>();
  const Demand* row = demand.operands[0].demand;
  RealConstant gamma = *ReadConstant(op.getGamma()), beta = *ReadConstant(op.getBeta());
  ScaleColumns(gamma.values, demand.columns);
  ScaleColumns(beta.values, demand.columns);
  for (double& value : beta.values) value += demand.offset.value_or(0);
  // centered * rsqrt = 2^precision (h - mean) / std, so gamma absorbs the unit wanted.
  const int precision = std::get<NormDetails>(row->details).precision;
  const auto scaled = InUnits(gamma.values, std::ldexp(demand.unit, precision));
  mlir::Value y = emit.Product(rewriter.made.at(row), emit.PrivateRow(scaled, demand.ring));
  y = emit.Add(y, emit.SharePrivate(InUnits(beta.values, demand.unit), beta.shape, demand.ring));
  return {rewriter.Top(y, demand.width)};
}

Values RewriteStepRow(const Demand& demand, Rewriter& rewriter) {
  return {rewriter.emit.Lift(rewriter.In(demand), demand.ring)};
}

// n sum x^2 - (sum x)^2 = n^2 var, all of it integers.
Values RewriteVariance(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const mlir::Value row = rewriter.In(demand), sum = emit.RowSum(row);
  const auto n = ExtentsOf(demand.value.getDefiningOp<nn::VarianceOp>().getInput()).back();
  const mlir::Value square = emit.Product({sum, sum});
  const mlir::Value variance = emit.Sub(emit.MulPublic(emit.Dot(row, row), n), square);
  std::vector<double> steps(1, std::pow(demand.operands[0].unit / static_cast<double>(n), 2));
  ScaleColumns(steps, demand.columns);
  const mlir::Value scaled =
      emit.Product({variance}, emit.PrivateRow(InUnits(steps, demand.unit), demand.ring));
  return {rewriter.Top(rewriter.Offset(scaled, demand), demand.width)};
}

// (n x - sum x) times the factor, which has the n; of rows that are divided by zero, whose factor
// is zero, one or the other end by the sign. What is no more than the mean is at the lower end.
Values RewriteStandardize(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const mlir::Value row = emit.Resize(rewriter.In(demand), demand.ring);
  const mlir::Value sum = emit.RowSum(row);
  const mlir::Value centered = emit.Sub(emit.MulPublic(row, ExtentsOf(demand.value).back()), sum);
  const int bits = StepRowOf(rewriter.policy, demand.value).magnitude + 1;
  constexpr int kTop = 2;  // bits with the sign
  const mlir::Value above = emit.Truncate(emit.Resize(emit.AddPublic(centered, -1), bits), kTop);
  const mlir::Value sign = emit.PublicLut(above, {1, 1, -1, -1}, demand.ring);
  const mlir::Value end = emit.Product({sign, rewriter.In(demand, 2)});
  const mlir::Value y = emit.Add(emit.Product({centered, rewriter.In(demand, 1)}), end);
  return {rewriter.Top(rewriter.Offset(y, demand), demand.width)};
}

// The weights mask / count or mask / sqrt(count), which P1 knows.
static mlir::Value WeightsOf(const nn::Pool& pool, mlir::OpBuilder& b) {
  nn::MeanPoolOp op = pool.mean;
  const mlir::Location loc = op.getLoc();
  auto type = mlir::RankedTensorType::get({ExtentsOf(op.getInput())[0], 1}, b.getF32Type());
  mlir::Value divisor = b.create<nn::ReduceOp>(loc, type, nn::ReduceKind::sum, op.getMask(),
                                               b.getDenseI64ArrayAttr({1}));
  mlir::Value one = b.create<nn::ConstantOp>(
      loc, type, mlir::DenseElementsAttr::get(type, b.getF32FloatAttr(1.0f).getValue()), true);
  divisor = b.create<nn::BinaryOp>(loc, type, nn::BinaryKind::max, divisor, one);
  if (pool.root) divisor = b.create<nn::UnaryOp>(loc, type, nn::UnaryKind::sqrt, divisor);
  return b.create<nn::BinaryOp>(loc, op.getMask().getType(), nn::BinaryKind::div, op.getMask(),
                                divisor);
}

Values RewriteMean(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  nn::Pool pool = *nn::PoolOf(demand.value);
  auto shape = ExtentsOf(pool.mean.getInput());
  mlir::Value weights = WeightsOf(pool, emit.builder());
  mlir::Value shared = emit.Input(emit.Encode(weights, rewriter.policy.pool_fraction, demand.ring));
  shared = emit.Reshape(shared, {shape[0], 1, shape[1]});
  mlir::Value pooled = emit.MatMul(shared, emit.Lift(rewriter.In(demand), demand.ring),
                                   /*transpose_b=*/false);
  pooled = emit.Reshape(pooled, {shape[0], shape[2]});
  return {rewriter.Top(rewriter.Offset(pooled, demand), demand.width)};
}

Values RewriteUnitVector(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& norm = std::get<NormDetails>(demand.details);
  mlir::Value wide = emit.Lift(rewriter.In(demand), demand.ring);
  mlir::Value rsqrt = ReadRsqrt(rewriter, emit.Dot(wide, wide), norm, demand.ring);
  // |y| <= 2^precision stands for 1.
  mlir::Value y = emit.Resize(emit.Product({wide, rsqrt}), norm.precision + 2);
  y = rewriter.Top(y, demand.width + 2);
  return {emit.Reveal(y, demand.width)};
}

}  // namespace mpcc
