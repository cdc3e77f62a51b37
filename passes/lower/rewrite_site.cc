// SPDX-License-Identifier: Apache-2.0
// Operands of products.
#include "passes/lower/rewrite.h"

namespace mpcc {

Values RewriteLifted(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& lift = std::get<LiftDetails>(demand.details);
  const int width = static_cast<int>(Emitter::TypeOf(rewriter.In(demand)).getWidth());
  mlir::Value steps =
      emit.Lift(rewriter.Top(rewriter.In(demand), width - lift.fraction), demand.ring);
  if (!lift.factor) return {steps};
  return {emit.Product({steps}, emit.PrivateRow({*lift.factor}, demand.ring))};
}

Values RewriteRequantized(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const Quantizer& q = *demand.quantizer;
  mlir::Value index = rewriter.In(demand);
  const int bits = static_cast<int>(Emitter::TypeOf(index).getWidth());
  auto table = Tabulate(bits, demand.operands[0].unit, [&](double x) {
    return std::llrint(static_cast<double>(q.Apply(x)) * q.scale / demand.unit);
  });
  if (demand.narrow == 0) return {emit.Lut(index, table, demand.ring)};
  return {emit.Lift(emit.Lut(index, table, demand.narrow), demand.ring, q.is_unsigned)};
}

Values RewriteFunction(const Demand& demand, Rewriter& rewriter) {
  const double top = std::ldexp(1.0, demand.width - 1) - 1;
  mlir::Value index = rewriter.In(demand);
  const int bits = static_cast<int>(Emitter::TypeOf(index).getWidth());
  std::vector<int64_t> tables;
  for (double factor : demand.columns) {
    auto table = Tabulate(bits, demand.operands[0].unit, [&](double v) {
      const double y = demand.function(v) * factor / demand.unit;
      return std::isnan(y) ? 0 : std::llrint(std::clamp(y, -top - 1, top));
    });
    tables.insert(tables.end(), table.begin(), table.end());
  }
  return {rewriter.emit.Lut(index, tables, demand.width, 0,
                            static_cast<int64_t>(demand.columns.size()))};
}

}  // namespace mpcc
