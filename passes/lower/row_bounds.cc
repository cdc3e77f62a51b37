// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/row_bounds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ir/nn/functions.h"
#include "ir/nn/pools.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_map.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/lower/nn_values.h"

namespace mpcc {
namespace {

using Set = std::optional<RowSet>;
using Vector = std::vector<double>;

// What the fixed point of a private run adds to a bound: 1/sqrt has eight bits, all else more.
constexpr double kRepresentation = 1.02;

size_t ColumnsOf(mlir::Value value) {
  return ExtentsOf(value).empty() ? 1 : ExtentsOf(value).back();
}

Set OfConstant(mlir::Value value) {
  auto type = llvm::cast<mlir::ShapedType>(value.getType());
  if (!type.getElementType().isF32() && !nn::IsQuantized(type)) return std::nullopt;
  auto constant = ReadConstant(value);
  if (mlir::failed(constant) || constant->values.empty()) return std::nullopt;
  const size_t columns = ColumnsOf(value);
  RowSet out{Vector(columns, INFINITY), Vector(columns, -INFINITY), std::nullopt, std::nullopt};
  for (size_t i = 0; i < constant->values.size(); ++i) {
    out.low[i % columns] = std::min(out.low[i % columns], constant->values[i]);
    out.high[i % columns] = std::max(out.high[i % columns], constant->values[i]);
  }
  const bool finite = llvm::all_of(constant->values, [](double v) { return std::isfinite(v); });
  return finite ? Set(std::move(out)) : std::nullopt;
}

// The mean of a row taken away and divided by its deviation, no row of n is longer than sqrt(n),
// and no element beyond sqrt(n - 1).
Set OfNorm(nn::LayerNormOp op) {
  auto gamma = ReadConstant(op.getGamma()), beta = ReadConstant(op.getBeta());
  if (mlir::failed(gamma) || mlir::failed(beta)) return std::nullopt;
  const size_t n = ColumnsOf(op.getInput());
  RowBall ball{Vector(n), Vector(n), Vector(n, 0.0), true};
  RowSet out{Vector(n), Vector(n), std::nullopt, std::nullopt};
  for (size_t j = 0; j < n; ++j) {
    const double scale = EndAt(gamma->values, j);
    ball.center[j] = EndAt(beta->values, j);
    ball.axes[j] = scale * std::sqrt(static_cast<double>(n));
    const double reach = std::abs(scale) * std::sqrt(static_cast<double>(n - 1));
    out.low[j] = ball.center[j] - reach;
    out.high[j] = ball.center[j] + reach;
  }
  out.ball = std::move(ball);
  return out;
}

// Clipping moves an element towards the center of the ball, if the ends lie around it.
void Clip(RowSet& x, double low, double high, bool in_private) {
  bool clips = false, around = true;
  for (size_t j = 0; j < x.low.size(); ++j) {
    clips |= x.low[j] < low || x.high[j] > high;
    around &= !x.ball || (x.ball->center[j] >= low && x.ball->center[j] <= high);
    x.low[j] = std::clamp(x.low[j], low, high);
    x.high[j] = std::clamp(x.high[j], low, high);
  }
  if (!clips || !in_private) return;
  if (!around) x.ball.reset();
  if (x.ball) x.ball->balanced = false;
}

Set OfQuantize(nn::QuantizeOp op, const RowBounds& known, bool ends_known) {
  const RowSet* input = known.Of(op.getInput());
  auto type = nn::QuantizedElement(op.getType());
  double low = INFINITY, high = -INFINITY;
  auto channels = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(type);
  for (size_t c = 0; c < (channels ? channels.getScales().size() : 1); ++c) {
    const double scale = nn::ScaleOf(type, c), zero = static_cast<double>(nn::ZeroPointOf(type, c));
    low = std::min(low, scale * (static_cast<double>(type.getStorageTypeMin()) - zero));
    high = std::max(high, scale * (static_cast<double>(type.getStorageTypeMax()) - zero));
  }
  const bool bounds = ends_known && std::max(-low, high) < 1e6;
  if (!input) return bounds ? Set(Between(low, high)) : std::nullopt;
  RowSet out = *input;
  const double step = known.RoundingOf(op);
  for (size_t j = 0; j < out.low.size(); ++j) out.low[j] -= step, out.high[j] += step;
  if (out.ball)
    for (double& error : out.ball->error) error += step;
  if (out.sum) *out.sum += step * static_cast<double>(ColumnsOf(op.getResult()));
  if (bounds) Clip(out, low, high, known.Clips(op));
  return out;
}

// x W, by the ends of x.
RowSet ByEnds(const RowSet& x, const RealConstant& weight) {
  const size_t columns = weight.shape[1];
  RowSet out{Vector(columns), Vector(columns), std::nullopt, std::nullopt};
  for (size_t i = 0; i < weight.values.size(); ++i) {
    const size_t k = i / columns, j = i % columns;
    const auto [low, high] =
        std::minmax({weight.values[i] * EndAt(x.low, k), weight.values[i] * EndAt(x.high, k)});
    out.low[j] += low;
    out.high[j] += high;
  }
  return out;
}

// x W for x in a ball, by the length of the columns of W in the ball's axes.
RowSet ByLength(const RowBall& ball, const RealConstant& weight) {
  const size_t terms = weight.shape[0], columns = weight.shape[1];
  Vector center(columns), square(columns), total(columns), error(columns);
  for (size_t i = 0; i < weight.values.size(); ++i) {
    const size_t k = i / columns, j = i % columns;
    const double w = weight.values[i], axis = w * ball.axes[k];
    center[j] += w * ball.center[k];
    square[j] += axis * axis;
    total[j] += axis;
    error[j] += std::abs(w) * ball.error[k];
  }
  RowSet out{center, center, std::nullopt, std::nullopt};
  for (size_t j = 0; j < columns; ++j) {
    const double mean = ball.balanced ? total[j] * total[j] / static_cast<double>(terms) : 0;
    const double length = std::sqrt(std::max(square[j] - mean, 0.0)) + error[j];
    out.low[j] -= length;
    out.high[j] += length;
  }
  return out;
}

Set OfLinear(nn::LinearOp op, const RowBounds& known) {
  const RowSet* x = known.Of(op.getInput());
  auto weight = ReadConstant(op.getWeight());
  if (!x || mlir::failed(weight)) return std::nullopt;
  RowSet out = ByEnds(*x, *weight);
  if (x->ball) out = ByColumn(out, ByLength(*x->ball, *weight), BothOf);
  if (auto behind = SetBehindAttention(op, known)) out = ByColumn(out, *behind, BothOf);
  if (!op.getBias()) return out;
  auto bias = ReadConstant(op.getBias());
  if (mlir::failed(bias)) return std::nullopt;
  return ByColumn(out, {bias->values, bias->values, std::nullopt, std::nullopt}, SumOf);
}

double Length(const RowSet& x, size_t columns) {
  double square = 0;
  for (size_t j = 0; j < columns; ++j) square += x.Magnitude(j) * x.Magnitude(j);
  return std::sqrt(square);
}

// Weighted sums of rows (probabilities and values), else products of rows.
Set OfMatMul(nn::MatMulOp op, const RowBounds& known) {
  const RowSet* a = known.Of(op.getLhs());
  const RowSet* b = known.Of(op.getRhs());
  if (!a || !b) return std::nullopt;
  if (a->sum && !op.getTransposeB()) {
    const double weights = *a->sum;
    return Each(*b, [&](double low, double high) {
      return Ends{weights * std::min(low, 0.0), weights * std::max(high, 0.0)};
    });
  }
  const size_t terms = ColumnsOf(op.getLhs());
  double bound = static_cast<double>(terms) * a->Magnitude() * b->Magnitude();
  if (op.getTransposeB()) {
    bound = std::min(bound, Length(*a, terms) * Length(*b, terms));
  }
  if (auto scores = BoundOfScores(op, known)) bound = std::min(bound, *scores);
  return Between(-bound, bound);
}

Set OfUnary(nn::UnaryOp op, const RowSet* x) {
  using Kind = nn::UnaryKind;
  constexpr Kind kAtMostOne[] = {Kind::sign, Kind::sin, Kind::cos};  // of what P1 sees
  if (llvm::is_contained(kAtMostOne, op.getKind()) && !x) return Between(-1, 1);
  const nn::SecretFunction* function = nn::FindSecretFunction(op.getKind());
  if (!function) return std::nullopt;
  const nn::Interval all = function->image({-INFINITY, INFINITY});
  if (!x) return all.IsFinite() ? Set(Between(all.low, all.high)) : std::nullopt;
  return Each(*x, [&](double a, double b) {
    const nn::Interval image = function->image({a, b});
    return Ends{image.low, image.high};
  });
}

// A private run reads such a function from a table, at points no nearer to each other than these.
Set OfMap(nn::MapOp op, const RowSet* x) {
  constexpr int kPoints = 4096;
  auto function = nn::ScalarFunction::Of(op);
  if (!x || !function.ok()) return std::nullopt;
  const RowSet ends = Uniform(*x);
  RowSet out = Between(INFINITY, -INFINITY);
  double before = (*function)(ends.low[0]), largest_step = 0;
  for (int i = 0; i <= kPoints; ++i) {
    const double y = (*function)(ends.low[0] + (ends.high[0] - ends.low[0]) * i / kPoints);
    if (!std::isfinite(y)) return std::nullopt;
    out.low[0] = std::min(out.low[0], y);
    out.high[0] = std::max(out.high[0], y);
    largest_step = std::max(largest_step, std::abs(y - before));
    before = y;
  }
  return Between(out.low[0] - largest_step, out.high[0] + largest_step);
}

Set OfBinary(nn::BinaryOp op, const RowSet* a, const RowSet* b, const TruthAnalysis& truths) {
  using Kind = nn::BinaryKind;
  const Kind kind = op.getKind();
  const RowSet truth = Between(0, 1);
  if (kind == Kind::mul && !a && b && truths.IsTruth(op.getLhs())) a = &truth;
  if (kind == Kind::mul && !b && a && truths.IsTruth(op.getRhs())) b = &truth;
  if (!a || !b) return std::nullopt;
  switch (kind) {
    case Kind::add:
      return ByColumn(*a, *b, SumOf);
    case Kind::sub:
      return ByColumn(*a, *b, DifferenceOf);
    case Kind::mul:
      return ByColumn(*a, *b, ProductOf);
    case Kind::div:
      for (size_t j = 0; j < b->low.size(); ++j)
        if (b->low[j] <= 0 && b->high[j] >= 0) return std::nullopt;
      return ByColumn(*a,
                      Each(*b,
                           [](double c, double d) {
                             return Ends{1 / d, 1 / c};
                           }),
                      ProductOf);
    case Kind::max:
      return ByColumn(*a, *b, [](double w, double x, double y, double z) {
        return Ends{std::max(w, y), std::max(x, z)};
      });
    case Kind::min:
      return ByColumn(*a, *b, [](double w, double x, double y, double z) {
        return Ends{std::min(w, y), std::min(x, z)};
      });
    default:
      return std::nullopt;
  }
}

Set OfSlice(nn::SliceOp op, const RowSet& x) {
  const size_t columns = ColumnsOf(op.getResult());
  if (x.low.size() == 1 || x.low.size() == columns) return x;
  const auto first = op.getOffsets().back();
  auto part = [&](const Vector& v) {
    return Vector(v.begin() + first, v.begin() + first + static_cast<int64_t>(columns));
  };
  RowSet out{part(x.low), part(x.high), std::nullopt, x.sum};
  if (x.ball)
    out.ball = RowBall{part(x.ball->center), part(x.ball->axes), part(x.ball->error), false};
  return out;
}

Set OfConcat(nn::ConcatOp op, const RowBounds& known) {
  const bool by_column = op.getAxis() + 1 == ExtentsOf(op.getResult()).size();
  Set out;
  for (mlir::Value input : op.getInputs()) {
    const RowSet* x = known.Of(input);
    if (!x) return std::nullopt;
    RowSet part{x->low, x->high, std::nullopt, std::nullopt};
    if (by_column && x->low.size() == 1) {
      part.low.resize(ColumnsOf(input), x->low[0]);
      part.high.resize(ColumnsOf(input), x->high[0]);
    }
    if (!out) {
      out = std::move(part);
    } else if (by_column) {
      out->low.insert(out->low.end(), part.low.begin(), part.low.end());
      out->high.insert(out->high.end(), part.high.begin(), part.high.end());
    } else {
      out = ByColumn(*out, part, HullOf);
    }
  }
  return out;
}

Set OfSelect(const RowSet* a, const RowSet* b) {
  if (!a || !b) return std::nullopt;
  return ByColumn(*a, *b, HullOf);
}

RowSet OfGather(nn::GatherOp op, const RowSet& x) {
  return ExtentsOf(op.getTable()).size() > 1 ? x : Uniform(x);
}

RowSet OfReshape(mlir::Operation* op, const RowSet& x) {
  return Moved(x, ColumnsOf(op->getOperand(0)), ColumnsOf(op->getResult(0)));
}

RowSet OfTranspose(nn::TransposeOp op, const RowSet& x) {
  return op.getPerm().back() + 1 == static_cast<int64_t>(op.getPerm().size()) ? x : Uniform(x);
}

Set OfSoftmax(nn::SoftmaxOp) {
  RowSet out = Between(0, 1);
  out.sum = 1;
  return out;
}

// The sets of normalized rows and probabilities follow from parameters alone.
mlir::ValueRange OperandsRead(mlir::Operation* op) {
  return llvm::isa<nn::LayerNormOp, nn::SoftmaxOp, nn::L2NormalizeOp>(op) ? mlir::ValueRange()
                                                                          : op->getOperands();
}

}  // namespace

RowBounds::RowBounds(mlir::func::FuncOp function, int table_bits)
    : ends_known_(!function->hasAttr(nn::kGuessedScalesAttr)),
      table_bits_(table_bits),
      truths_(function) {}

double RowBounds::RoundingOf(nn::QuantizeOp op) const {
  constexpr double kLifted = 0.57;  // 1/2, and some
  auto type = nn::QuantizedElement(op.getType());
  double step = nn::ScaleOf(type);
  if (auto channels = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(type))
    step = *std::max_element(channels.getScales().begin(), channels.getScales().end());
  const RowSet* input = Of(op.getInput());
  return std::min(Clips(op) ? step : kLifted * step, input ? input->Magnitude() : step);
}

bool RowBounds::Clips(nn::QuantizeOp op) const {
  return nn::BitWidth(nn::QuantizedElement(op.getType())) <= table_bits_;
}

const RowSet* RowBounds::Of(mlir::Value value) const {
  mlir::Operation* op = value.getDefiningOp();
  if (!op) return nullptr;
  if (!sets_.count(op)) FindWith(op);
  const Set& set = sets_.at(op);
  return set ? &*set : nullptr;
}

// Operands come first, so that long chains take no deep recursion.
void RowBounds::FindWith(mlir::Operation* op) const {
  std::vector<mlir::Operation*> stack{op};
  while (!stack.empty()) {
    mlir::Operation* top = stack.back();
    if (sets_.count(top)) {
      stack.pop_back();
      continue;
    }
    const size_t depth = stack.size();
    for (mlir::Value operand : OperandsRead(top))
      if (mlir::Operation* source = operand.getDefiningOp(); source && !sets_.count(source))
        stack.push_back(source);
    if (stack.size() == depth) sets_.emplace(top, Find(top));
  }
}

std::optional<double> RowBounds::MagnitudeOf(mlir::Value value) const {
  const RowSet* set = Of(value);
  if (!set || !std::isfinite(set->Magnitude())) return std::nullopt;
  return set->Magnitude() * kRepresentation;
}

Set RowBounds::Find(mlir::Operation* op) const {
  if (op->getNumResults() != 1) return std::nullopt;
  auto operand = [&](unsigned i) { return Of(op->getOperand(i)); };
  auto with = [&](unsigned i, auto f) -> Set {
    const RowSet* x = operand(i);
    return x ? Set(f(*x)) : std::nullopt;
  };
  return llvm::TypeSwitch<mlir::Operation*, Set>(op)
      .Case([&](nn::ConstantOp o) { return OfConstant(o.getResult()); })
      .Case([&](nn::LayerNormOp o) { return OfNorm(o); })
      .Case([&](nn::QuantizeOp o) { return OfQuantize(o, *this, ends_known_); })
      .Case([&](nn::LinearOp o) { return OfLinear(o, *this); })
      .Case([&](nn::MatMulOp o) { return OfMatMul(o, *this); })
      .Case([&](nn::UnaryOp o) { return OfUnary(o, operand(0)); })
      .Case([&](nn::MapOp o) { return OfMap(o, operand(0)); })
      .Case([&](nn::BinaryOp o) -> Set {
        const auto pool = nn::PoolOf(o.getResult());
        if (!pool) return OfBinary(o, operand(0), operand(1), truths_);
        return with(0, [&](const RowSet& x) { return Scaled(x, pool->Reach()); });
      })
      .Case([&](nn::SelectOp) { return OfSelect(operand(1), operand(2)); })
      .Case([&](nn::ConcatOp o) { return OfConcat(o, *this); })
      .Case([&](nn::SoftmaxOp o) { return OfSoftmax(o); })
      .Case([&](nn::L2NormalizeOp) { return Between(-1, 1); })
      .Case([&](nn::SliceOp o) { return with(0, [&](const RowSet& x) { return OfSlice(o, x); }); })
      .Case([&](nn::DequantizeOp) { return with(0, [](const RowSet& x) { return x; }); })
      .Case(
          [&](nn::GatherOp o) { return with(0, [&](const RowSet& x) { return OfGather(o, x); }); })
      .Case<nn::ReshapeOp, nn::BroadcastOp>([&](mlir::Operation* o) {
        return with(0, [&](const RowSet& x) { return OfReshape(o, x); });
      })
      .Case([&](nn::TransposeOp o) {
        return with(0, [&](const RowSet& x) { return OfTranspose(o, x); });
      })
      .Case([&](nn::MeanPoolOp) { return with(0, OfMean); })
      .Default([](mlir::Operation*) { return std::nullopt; });
}

}  // namespace mpcc
