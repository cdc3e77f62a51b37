// SPDX-License-Identifier: Apache-2.0
// Public functions before a quantizer by lines (docs/lowering.md).
#include "fmt/format.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/demands.h"
#include "passes/lower/interpolation.h"
#include "passes/lower/marks.h"
#include "passes/policy/widths.h"

namespace mpcc {
namespace {

// By how much the integers that whole factors are multiplied with grow for the products to be
// right. Without columns there is one factor, of 1.
std::vector<double> GrowthsOf(std::vector<double> columns, const std::vector<int64_t>& whole,
                              double unit) {
  if (columns.empty()) columns.push_back(1);
  std::vector<double> growths;
  for (auto [column, factor] : llvm::zip(columns, whole))
    growths.push_back(factor == 0 ? 1 : column / unit / static_cast<double>(factor));
  return growths;
}

}  // namespace

// Factors of what lines give, in the ring's units. Those of columns that do not reach half a step
// are 0; others too small to be whole numbers are refused.
mlir::FailureOr<std::vector<int64_t>> Demands::FactorsOfLines(mlir::Operation* op, const Want& want,
                                                              double unit) {
  constexpr double kPrecise = 3.5;
  std::vector<int64_t> found;
  for (double factor : want.columns ? *want.columns : std::vector<double>{1}) {
    found.push_back(std::llrint(factor / unit));
    if (factor == 0 || std::abs(factor / unit) >= kPrecise) continue;
    auto range = RangeOf(op->getResult(0));
    if (mlir::failed(range)) return mlir::failure();
    if (std::abs(factor) * *range >= want.unit / 2)
      return Refuse(op->getLoc(),
                    fmt::format("a function before a quantizer with steps of {:g}",
                                want.unit / std::abs(factor)),
                    fmt::format("steps of up to {:g}, or twice what the function reaches",
                                want.unit / unit / kPrecise),
                    "quantize what the function gives to smaller steps");
    found.back() = 0;
  }
  return found;
}

mlir::FailureOr<Given> Demands::Lines(mlir::Operation* op, int bits, const Want& want) {
  const auto& lines = interpolations_.Of(op, bits);
  if (!lines) return op->emitOpError("is not given by lines; run choose-lowerings again");
  const int ring = LinesRing(policy_, bits, lines->fraction);
  const double unit = want.UnitIn(ring), step = std::ldexp(1.0, -lines->fraction);
  const double one = std::ldexp(unit, lines->fraction + lines->slope_bits);
  auto factors = FactorsOfLines(op, want, one);
  if (mlir::failed(factors)) return mlir::failure();
  const std::vector<double> units = GrowthsOf(want.Columns(), *factors, one);
  const double limit = std::ldexp(1.0, policy_.function_reach) / *llvm::max_element(units);
  const double most = std::nextafter(limit, 0);
  auto reach =
      RangeOf(op->getOperand(0), {.most = most, .spread = Room::kUnlimited, .provable = most});
  if (mlir::failed(reach)) return mlir::failure();
  if (*reach >= limit)
    return Refuse(
        op->getLoc(), fmt::format("a function of values that reach {:g} with their margin", *reach),
        fmt::format("values up to {:g}", limit), "compile with a larger --policy=function-reach");
  auto x = Real(op->getOperand(0),
                {OperandBitsOf(*lines, policy_), want.columns ? step : step / units[0], true,
                 want.columns ? &units : nullptr});
  if (mlir::failed(x)) return mlir::failure();
  if (!want.columns) Note(op->getOperand(0), {*x, kFunctionPlace, limit});
  return DecideFor(want, {.form = Form::kLines,
                          .loc = op->getLoc(),
                          .value = op->getResult(0),
                          .operands = {*x},
                          .ring = ring,
                          .details = LinesDetails{*lines, *factors}});
}

}  // namespace mpcc
