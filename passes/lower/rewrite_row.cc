// SPDX-License-Identifier: Apache-2.0
// Row normalizations: layer norm, the L2 norm of a result, masked mean pooling.
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"

namespace mpcc {
namespace {

TableFunction Rsqrt(int ring, const NormDetails& norm) {
  const double top = std::ldexp(1.0, ring - 2);
  return [=](double v) {
    return std::llrint(
        std::min(top, std::ldexp(1.0, norm.precision) / std::sqrt(v + norm.epsilon)));
  };
}

// 2^precision / sqrt(v), of v in `bits` bits.
mlir::Value ReadRsqrt(Rewriter& rewriter, mlir::Value v, const NormDetails& norm) {
  const int ring = rewriter.policy.rsqrt_ring;
  return Windows(rewriter, rewriter.emit.Resize(v, norm.bits), norm.windows, ring,
                 Rsqrt(ring, norm));
}

}  // namespace

// Level t reads bits [shift_t, shift_t + k); it decides when its index is at least 2^(k - gap),
// else the next level, `gap` octaves below, does. The index is exact, and entry u stands for the
// middle of what it holds; the paper's is at most one too high, on average exact.
mlir::Value Windows(Rewriter& rewriter, mlir::Value x, WindowWidths w, int width,
                    const TableFunction& f) {
  Emitter& emit = rewriter.emit;
  const bool exact = !rewriter.policy.paper();
  const int bits = static_cast<int>(Emitter::TypeOf(x).getWidth());
  const int levels = std::min(w.levels, (bits - w.index) / w.gap + 1);
  const int64_t threshold = int64_t{1} << (w.index - w.gap);
  llvm::SmallVector<mlir::Value> selectors;
  mlir::Value sum;
  for (int t = 0; t < levels; ++t) {
    const int shift = bits - w.index - t * w.gap;
    const bool last = t + 1 == levels;
    const auto read = [&](const std::vector<int64_t>& table) {
      if (!exact) return emit.Lut(x, table, width, shift);
      return emit.Lut(emit.Truncate(emit.Resize(x, shift + w.index), w.index), table, width);
    };
    const double middle = exact && shift > 0 ? 0.5 : 0;
    mlir::Value term = read(WindowValues(w.index, shift, threshold, last, f, middle));
    if (t > 0) {
      llvm::SmallVector<mlir::Value> factors(selectors);
      factors.push_back(term);
      term = emit.Product(factors);
    }
    sum = sum ? emit.Add(sum, term) : term;
    if (!last) selectors.push_back(read(WindowSelectors(w.index, threshold)));
  }
  return sum;
}

// n^2 var = n sum h^2 - (sum h)^2.
Values RewriteNormalized(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& norm = std::get<NormDetails>(demand.details);
  const int64_t n = ExtentsOf(demand.value).back();
  mlir::Value wide = emit.Lift(rewriter.In(demand), demand.ring);
  mlir::Value sum = emit.RowSum(wide);
  mlir::Value variance =
      emit.Sub(emit.MulPublic(emit.Dot(wide, wide), n), emit.Product({sum, sum}));
  mlir::Value rsqrt = ReadRsqrt(rewriter, variance, norm);
  return {emit.Sub(emit.MulPublic(wide, n), sum),
          emit.Lift(rsqrt, demand.ring, /*is_unsigned=*/true)};
}

Values RewriteLayerNorm(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::LayerNormOp>();
  const Demand* row = demand.operands[0].demand;
  RealConstant gamma = *ReadConstant(op.getGamma()), beta = *ReadConstant(op.getBeta());
  ScaleColumns(gamma.values, demand.columns);
  ScaleColumns(beta.values, demand.columns);
  // centered * rsqrt = 2^precision (h - mean) / std, so gamma absorbs the unit wanted.
  const int precision = std::get<NormDetails>(row->details).precision;
  const auto scaled = InUnits(gamma.values, std::ldexp(demand.unit, precision));
  mlir::Value y = emit.Product(rewriter.made.at(row), emit.PrivateRow(scaled, demand.ring));
  y = emit.Add(y, emit.SharePrivate(InUnits(beta.values, demand.unit), beta.shape, demand.ring));
  return {rewriter.Top(y, demand.width)};
}

// The weights mask / count, which P1 knows.
static mlir::Value WeightsOf(nn::MeanPoolOp op, mlir::OpBuilder& b) {
  auto count_type = mlir::RankedTensorType::get({ExtentsOf(op.getInput())[0], 1}, b.getF32Type());
  mlir::Value count = b.create<nn::ReduceOp>(op.getLoc(), count_type, nn::ReduceKind::sum,
                                             op.getMask(), b.getDenseI64ArrayAttr({1}));
  mlir::Value one = b.create<nn::ConstantOp>(
      op.getLoc(), count_type,
      mlir::DenseElementsAttr::get(count_type, b.getF32FloatAttr(1.0f).getValue()), true);
  count = b.create<nn::BinaryOp>(op.getLoc(), count_type, nn::BinaryKind::max, count, one);
  return b.create<nn::BinaryOp>(op.getLoc(), op.getMask().getType(), nn::BinaryKind::div,
                                op.getMask(), count);
}

Values RewriteMean(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::MeanPoolOp>();
  auto shape = ExtentsOf(op.getInput());
  mlir::Value weights = WeightsOf(op, emit.builder());
  mlir::Value shared = emit.Input(emit.Encode(weights, rewriter.policy.pool_fraction, demand.ring));
  shared = emit.Reshape(shared, {shape[0], 1, shape[1]});
  mlir::Value pooled = emit.MatMul(shared, emit.Lift(rewriter.In(demand), demand.ring),
                                   /*transpose_b=*/false);
  pooled = emit.Reshape(pooled, {shape[0], shape[2]});
  return {rewriter.Top(pooled, demand.width)};
}

Values RewriteUnitVector(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& norm = std::get<NormDetails>(demand.details);
  mlir::Value wide = emit.Lift(rewriter.In(demand), demand.ring);
  mlir::Value rsqrt = ReadRsqrt(rewriter, emit.Dot(wide, wide), norm);
  mlir::Value y = emit.Product({wide, emit.Lift(rsqrt, demand.ring, /*is_unsigned=*/true)});
  // |y| <= 2^precision stands for 1.
  y = rewriter.Top(emit.Resize(y, norm.precision + 2), demand.width + 2);
  return {emit.Reveal(y, demand.width)};
}

}  // namespace mpcc
