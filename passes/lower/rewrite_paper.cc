// SPDX-License-Identifier: Apache-2.0
// The softmax of the source design: 4-bit scores, a tournament for the maximum, one exponential
// table read in 16 and in 4 bits, and a two-input table that divides.
#include "passes/lower/nn_values.h"
#include "passes/lower/rewrite.h"
#include "passes/lower/softmax_masks.h"

namespace mpcc {

Values RewriteSoftmaxByPaper(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  auto op = demand.value.getDefiningOp<nn::SoftmaxOp>();
  const Quantizer& q = *demand.quantizer;
  mlir::Value score = rewriter.In(demand);
  // score - max in (-16, 0]: read as an unsigned index, 0 is the maximum and 16 - u the distance.
  mlir::Value distance = emit.Sub(score, emit.RowMax(score));
  mlir::Value keep = op.getMask() ? MaskShare(rewriter, op, 1, 0) : emit.SharePrivate({0}, {1}, 1);
  const int64_t n = ExtentsOf(op.getResult()).back();
  const double one = std::floor((65536.0 - 4096.0) / static_cast<double>(n));
  auto exponential = [&](double scale) {
    std::vector<int64_t> table(32, 0);  // index 2 u + masked
    for (int u = 0; u < 16; ++u)
      table[2 * u] = std::llrint(scale * std::exp((u == 0 ? 0 : u - 16) * demand.operands[0].unit));
    return table;
  };
  mlir::Value e16 = emit.Lut2(distance, keep, exponential(one), 16);
  mlir::Value e4 = emit.Lut2(distance, keep, exponential(15), 4);
  mlir::Value sum4 = emit.Extract(emit.RowSum(e16), 4);
  std::vector<int64_t> quotient(256);
  for (int e = 0; e < 16; ++e)
    for (int s = 0; s < 16; ++s)
      quotient[16 * e + s] = q.Apply((e / 15.0) / std::max(s * 4096.0 / one, 1.0));
  return {emit.Lut2(e4, sum4, quotient, demand.ring)};
}

}  // namespace mpcc
