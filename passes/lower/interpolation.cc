// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/interpolation.h"

#include <algorithm>
#include <cmath>

#include "ir/nn/functions.h"
#include "passes/lower/nn_values.h"
#include "runtime/base/ring.h"

namespace mpcc {
namespace {

constexpr int kMostCells = 11;  // log2
constexpr int kFinestCell = 7;  // log2 of cells in a unit
constexpr int kNear = 3;        // log2 of where a function's values are looked at
constexpr int kValuesAt = 1 << 8;

struct Line {
  int64_t slope, intercept;  // in units of 2^-slope_bits, 2^-(fraction + slope_bits)
  double error;
};

std::vector<double> Points(double first, double last, int count) {
  std::vector<double> points(count);
  for (int i = 0; i < count; ++i) points[i] = first + (last - first) * (i + 0.5) / count;
  return points;
}

// The line of a rounded slope that is nearest to f at the points.
Line LineAt(const RealFunction& f, const std::vector<double>& points, double slope,
            const Interpolation& lines) {
  const double steep = std::nearbyint(std::ldexp(slope, lines.slope_bits));
  double least = INFINITY, most = -INFINITY;
  for (double x : points) {
    const double rest = f(x) - std::ldexp(steep, -lines.slope_bits) * x;
    if (!std::isfinite(rest)) return {0, 0, INFINITY};
    least = std::min(least, rest);
    most = std::max(most, rest);
  }
  // In coarse units: half a step of the operand moves the value as much.
  const int zeros = lines.slope_bits - 1;
  const int unit = -(lines.fraction + lines.slope_bits) + zeros;
  const double intercept = std::nearbyint(std::ldexp((least + most) / 2, -unit));
  const double at = std::ldexp(intercept, unit);
  return {static_cast<int64_t>(steep), static_cast<int64_t>(intercept) << zeros,
          std::max(most - at, at - least)};
}

Line LineOfCell(const RealFunction& f, double first, double width, const Interpolation& lines) {
  constexpr int kPoints = 16;
  const std::vector<double> points = Points(first, first + width, kPoints);
  const double slope = (f(points.back()) - f(points.front())) / (points.back() - points.front());
  return std::isfinite(slope) ? LineAt(f, points, slope, lines) : Line{0, 0, INFINITY};
}

// From `near` to `far`, of which the function is a line as far as it goes on.
Line LineOfTail(const RealFunction& f, double near, double far, const Interpolation& lines) {
  constexpr int kPoints = 64;
  std::vector<double> points = Points(near, far, kPoints);
  for (double x : Points(near, points.front(), kPoints / 4)) points.push_back(x);
  const double slope = (f(far) - f(far / 2)) / (far / 2);
  return std::isfinite(slope) ? LineAt(f, points, slope, lines) : Line{0, 0, INFINITY};
}

// `lines` with its lines, as near as they can be.
Interpolation Fitted(const RealFunction& f, Interpolation lines, const LoweringPolicy& policy) {
  const int64_t half = int64_t{1} << (lines.cells - 1);
  const double width = std::ldexp(1.0, lines.cell - lines.fraction);
  const double reach = std::ldexp(1.0, policy.function_reach);
  lines.slopes.resize(2 * half);
  lines.intercepts.resize(2 * half);
  for (int64_t t = -half; t < half && !std::isinf(lines.error); ++t) {
    const double first = static_cast<double>(t) * width;
    const Line line = t == -half      ? LineOfTail(f, first + width, -reach, lines)
                      : t == half - 1 ? LineOfTail(f, first, reach, lines)
                                      : LineOfCell(f, first, width, lines);
    const size_t at = Reduce(static_cast<uint64_t>(t), lines.cells);
    lines.slopes[at] = line.slope;
    lines.intercepts[at] = line.intercept;
    lines.error = std::max(lines.error, line.error);
  }
  return lines;
}

// log2 of the largest |f(x)| near 0, at least 0.
std::optional<int> ValuesOf(const RealFunction& f) {
  const double near = std::ldexp(1.0, kNear);
  double largest = 1;
  for (double x : Points(-near, near, kValuesAt)) {
    if (!std::isfinite(f(x))) return std::nullopt;
    largest = std::max(largest, std::abs(f(x)));
  }
  return std::ilogb(largest * (1 - 1e-9)) + 1;
}

bool IsPublic(mlir::Operation* op) {
  if (llvm::isa<nn::UnaryOp>(op)) return true;
  return llvm::all_of(llvm::cast<nn::MapOp>(op).getBody().front(), [](mlir::Operation& inner) {
    return llvm::isa<nn::UnaryOp, nn::BinaryOp, nn::YieldOp>(inner);
  });
}

// Of a public function; what has the same text is the same function.
std::string TextOf(mlir::Operation* op) {
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op))
    return nn::stringifyUnaryKind(unary.getKind()).str();
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (mlir::Operation& inner : llvm::cast<nn::MapOp>(op).getBody().front())
    inner.print(stream, mlir::OpPrintingFlags().useLocalScope());
  return text;
}

}  // namespace

double Interpolation::At(int64_t x) const {
  const int64_t half = int64_t{1} << (cells - 1);
  const size_t t = Reduce(static_cast<uint64_t>(std::clamp(x >> cell, -half, half - 1)), cells);
  return std::ldexp(static_cast<double>(slopes[t] * x + intercepts[t]), -(fraction + slope_bits));
}

std::optional<Interpolation> Interpolate(const RealFunction& f, int bits,
                                         const LoweringPolicy& policy) {
  constexpr int kFewestSlopeBits = 4;
  const auto values = ValuesOf(f);
  if (!values || *values > kNear + 1) return std::nullopt;
  Interpolation lines;
  lines.values = *values;
  // A quantizer's step is about 2^(values - bits).
  lines.fraction = std::max(1, bits + policy.function_precision - lines.values);
  lines.slope_bits = std::max(kFewestSlopeBits, bits - 2);
  const double close = std::ldexp(1.0, lines.values - bits - policy.function_precision + 1);
  for (lines.cells = 3; lines.cells <= kMostCells; ++lines.cells) {
    std::optional<Interpolation> best;
    for (int fine = 0; fine <= std::min(kFinestCell, lines.fraction); ++fine) {
      if (lines.cells - 1 - fine >= policy.function_reach) continue;
      lines.cell = lines.fraction - fine;
      const Interpolation fitted = Fitted(f, lines, policy);
      if (fitted.error <= close && (!best || fitted.error < best->error)) best = fitted;
    }
    if (!best) continue;
    // One line is no function of the cell.
    return llvm::all_equal(best->slopes) ? std::nullopt : best;
  }
  return std::nullopt;
}

const std::optional<Interpolation>& Interpolations::Of(mlir::Operation* op, int bits) {
  static const std::optional<Interpolation> kNone;
  auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
  if (!IsPublic(op) || (unary && !nn::FindSecretFunction(unary.getKind()))) return kNone;
  const auto [known, is_new] = known_.try_emplace({TextOf(op), bits});
  if (!is_new) return known->second;
  if (auto f = FunctionOf(op); mlir::succeeded(f)) known->second = Interpolate(*f, bits, policy_);
  return known->second;
}

int OperandBitsOf(const Interpolation& lines, const LoweringPolicy& policy) {
  return 2 + policy.function_reach + lines.fraction;
}

}  // namespace mpcc
