// SPDX-License-Identifier: Apache-2.0
// Operands of products.
#include "passes/lower/rewrite.h"

namespace mpcc {

namespace {

// What is stored, in steps, less what stands for 0: `steps` are of the ring already.
mlir::Value FromZero(mlir::Value steps, const StepDetails& details, int ring, Emitter& emit) {
  if (!details.zero) return steps;
  std::vector<int64_t> zeros;
  for (int64_t factor : details.factors) zeros.push_back(-*details.zero * factor);
  if (zeros.empty()) zeros.push_back(-*details.zero);
  const auto count = static_cast<int64_t>(zeros.size());
  return emit.Add(steps, emit.SharePrivate(zeros, {count}, ring));
}

mlir::Value FactorOf(const StepDetails& details, int ring, Emitter& emit) {
  return details.factors.empty() ? mlir::Value() : emit.PrivateRow(details.factors, ring);
}

// As the reader wants them: the top bits of a real, with what is to be added.
mlir::Value AsWanted(mlir::Value steps, const Demand& demand, const Rewriter& rewriter) {
  mlir::Value moved = rewriter.Offset(steps, demand);
  return demand.width == demand.ring ? moved : rewriter.Top(moved, demand.width);
}

}  // namespace

Values RewriteSaturated(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& details = std::get<StepDetails>(demand.details);
  mlir::Value stored =
      emit.Saturate(rewriter.In(demand), {details.index, details.least, details.most}, demand.ring,
                    FactorOf(details, demand.ring, emit));
  return {AsWanted(FromZero(stored, details, demand.ring, emit), demand, rewriter)};
}

// The cell of x by its top bits, held between the outer ones; slope and intercept of its line,
// times the private factor; slope times x.
Values RewriteLines(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& [lines, factors] = std::get<LinesDetails>(demand.details);
  mlir::Value x = rewriter.In(demand);
  const int width = static_cast<int>(Emitter::TypeOf(x).getWidth());
  const int64_t half = int64_t{1} << (lines.cells - 1);
  mlir::Value cell = emit.Saturate(x, {width - lines.cell, -half, half - 1}, lines.cells);
  const auto shape = llvm::to_vector(Emitter::TypeOf(x).getShape());
  const auto read = [&, &row = factors](const std::vector<int64_t>& values) {
    return emit.PublicLut(cell, values, demand.ring, emit.PrivateRow(row, demand.ring));
  };
  auto column = shape;
  column.push_back(1);
  mlir::Value slope = emit.Reshape(read(lines.slopes), column);
  mlir::Value product = emit.Dot(emit.Reshape(emit.Lift(x, demand.ring), column), slope);
  mlir::Value y = emit.Reshape(product, shape);
  if (!llvm::all_equal(lines.intercepts)) {
    y = emit.Add(y, read(lines.intercepts));
  } else if (lines.intercepts.front() != 0) {
    std::vector<int64_t> row = factors;
    for (int64_t& factor : row) factor *= lines.intercepts.front();
    const auto count = static_cast<int64_t>(row.size());
    y = emit.Add(y, emit.SharePrivate(row, {count}, demand.ring));
  }
  return {rewriter.Top(rewriter.Offset(y, demand), demand.width)};
}

Values RewriteTabulated(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const auto& details = std::get<StepDetails>(demand.details);
  const Quantizer& q = *demand.quantizer;
  std::vector<int64_t> entries;  // of all columns
  for (double factor : demand.columns)
    llvm::append_range(entries, Tabulate(details.index, demand.operands[0].unit, [&](double x) {
                         const double y = demand.function(x) * factor;
                         return q.Apply(std::isnan(y) ? 0 : y) + q.zero - q.least;
                       }));
  const mlir::Value factor = FactorOf(details, demand.ring, emit), x = rewriter.In(demand);
  const auto columns = static_cast<int64_t>(demand.columns.size());
  Values tables;
  for (int bit = 0; bit < q.bits; ++bit) {
    std::vector<int64_t> bits = entries;
    for (int64_t& entry : bits) entry = entry >> bit & 1;
    tables.push_back(emit.Private(bits, {columns, int64_t{1} << details.index}, 1));
  }
  mlir::Value stored = emit.PrivateLut(x, tables, q.least, demand.ring, factor);
  return {AsWanted(FromZero(stored, details, demand.ring, emit), demand, rewriter)};
}

Values RewriteRequantized(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  const Quantizer& q = *demand.quantizer;
  mlir::Value index = rewriter.In(demand);
  const int bits = static_cast<int>(Emitter::TypeOf(index).getWidth());
  auto table = Tabulate(bits, demand.operands[0].unit, [&](double x) {
    return std::llrint(static_cast<double>(q.Apply(x)) * q.scale / demand.unit);
  });
  return {emit.Lut(index, table, demand.ring)};
}

Values RewriteFunction(const Demand& demand, Rewriter& rewriter) {
  const double top = std::ldexp(1.0, demand.width - 1) - 1;
  mlir::Value index = rewriter.In(demand);
  const int bits = static_cast<int>(Emitter::TypeOf(index).getWidth());
  std::vector<int64_t> tables;
  for (double factor : demand.columns) {
    auto table = Tabulate(bits, demand.operands[0].unit, [&](double v) {
      const double y = (demand.function(v) * factor + demand.offset.value_or(0)) / demand.unit;
      return std::isnan(y) ? 0 : std::llrint(std::clamp(y, -top - 1, top));
    });
    tables.insert(tables.end(), table.begin(), table.end());
  }
  return {rewriter.emit.Lut(index, tables, demand.width, 0,
                            static_cast<int64_t>(demand.columns.size()))};
}

}  // namespace mpcc
