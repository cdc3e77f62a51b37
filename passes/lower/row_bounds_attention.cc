// SPDX-License-Identifier: Apache-2.0
// Attention. A row of a linear layer of a ball is c + A u + e with |u| <= 1, and with G = A A'
//   w . A u <= sqrt(w' G w),
//   (c + A u) . (d + B v) <= |c . d| + sqrt(d' G d) + sqrt(c' H c) + sqrt(spectral radius of G H),
// and, with G + c c' / t^2 and H + d d' / t^2 in their places, (1 + t^2) times that root.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/row_bounds.h"

namespace mpcc {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;
using Indices = std::vector<int64_t>;

// What a value is computed from by moves, factors and rounding alone.
struct Origin {
  mlir::Operation* op = nullptr;
  double factor = 1, error = 0;
  std::vector<mlir::Operation*> moves;  // the last one first
};

// The product by one number that an op is, if it is one.
std::optional<double> FactorOf(mlir::Operation* op) {
  auto binary = llvm::dyn_cast<nn::BinaryOp>(op);
  if (!binary) return std::nullopt;
  const auto factor = nn::GetSplatFloat(binary.getRhs());
  if (!factor || *factor == 0) return std::nullopt;
  if (binary.getKind() == nn::BinaryKind::mul) return *factor;
  return binary.getKind() == nn::BinaryKind::div ? std::optional(1 / *factor) : std::nullopt;
}

Origin OriginOf(mlir::Value value, const RowBounds& known) {
  Origin origin;
  while (mlir::Operation* op = value.getDefiningOp()) {
    const auto factor = FactorOf(op);
    auto quantize = llvm::dyn_cast<nn::QuantizeOp>(op);
    if (quantize) {
      auto type = nn::QuantizedElement(quantize.getType());
      if (nn::QuantizedAxis(type) || known.Clips(quantize)) break;
      origin.error += std::abs(origin.factor) * known.RoundingOf(quantize);
    } else if (factor) {
      origin.factor *= *factor;
    } else if (IsStructural(op)) {
      origin.moves.push_back(op);
    } else if (!llvm::isa<nn::DequantizeOp>(op)) {
      origin.op = op;
      break;
    }
    value = op->getOperand(0);
  }
  return origin;
}

// For each element of `value`, the one of its origin's result that it is made of.
std::optional<Indices> SourcesOf(const Origin& origin) {
  nn::Tensor from{ExtentsOf(origin.op->getResult(0)).vec(), {}};
  Indices indices(nn::ElementCount(from.shape));
  std::iota(indices.begin(), indices.end(), 0);
  if (indices.size() > (1 << 24)) return std::nullopt;  // floats count no further
  for (mlir::Operation* op : llvm::reverse(origin.moves)) {
    // The move does not look at elements, but takes them in the form of its type.
    if (nn::IsQuantized(op->getOperand(0).getType()))
      from.data = nn::Tensor::Stored(indices.begin(), indices.end());
    else
      from.data = nn::Tensor::Floats(indices.begin(), indices.end());
    auto moved = nn::EvaluateNn(op, {&from});
    if (!moved.ok()) return std::nullopt;
    from = *std::move(moved);
    indices = from.is_float() ? Indices(from.floats().begin(), from.floats().end())
                              : Indices(from.stored().begin(), from.stored().end());
  }
  return indices;
}

using Rows = std::set<Indices>;

// The distinct rows of a value, or of its transposed matrices, by the columns of its origin, for
// each index of its batch.
std::optional<std::vector<Rows>> RowsOf(const Origin& origin, mlir::Value value, bool transposed) {
  const auto sources = SourcesOf(origin);
  if (!sources) return std::nullopt;
  const auto shape = ExtentsOf(value);
  const int64_t height = shape[shape.size() - 2], width = shape.back(), matrix = height * width;
  const int64_t columns = ExtentsOf(origin.op->getResult(0)).back();
  std::vector<Rows> batches(sources->size() / matrix);
  for (size_t batch = 0; batch < batches.size(); ++batch)
    for (int64_t r = 0; r < (transposed ? width : height); ++r) {
      Indices row;
      for (int64_t c = 0; c < (transposed ? height : width); ++c) {
        const int64_t at = transposed ? c * width + r : r * width + c;
        row.push_back((*sources)[batch * matrix + at] % columns);
      }
      batches[batch].insert(std::move(row));
    }
  return batches;
}

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// sqrt(x' G x)
double LengthIn(const Matrix& gram, const Vector& x) {
  double square = 0;
  for (size_t i = 0; i < x.size(); ++i) square += x[i] * Dot(gram[i], x);
  return std::sqrt(std::max(square, 0.0));
}

// Columns of a linear layer of a ball, times a factor.
struct Ellipsoid {
  Vector center, error;
  Matrix gram;
};

class Layer {
 public:
  // Of a linear layer of a ball, or of such a layer.
  static std::optional<Layer> Of(const Origin& origin, const RowBounds& known) {
    auto linear = llvm::dyn_cast_or_null<nn::LinearOp>(origin.op);
    if (!linear) return std::nullopt;
    auto weight = ReadConstant(linear.getWeight());
    if (mlir::failed(weight)) return std::nullopt;
    Layer layer(origin, *std::move(weight));
    if (linear.getBias()) {
      auto bias = ReadConstant(linear.getBias());
      if (mlir::failed(bias)) return std::nullopt;
      layer.bias_ = bias->values;
    }
    return layer.Reads(linear.getInput(), known) ? std::optional(std::move(layer)) : std::nullopt;
  }

  Ellipsoid At(const Indices& columns) const {
    Ellipsoid out;
    const Matrix spread = Spread(columns, out);
    for (size_t i = 0; i < spread.size(); ++i) {
      out.gram.emplace_back(spread.size());
      for (size_t j = 0; j <= i; ++j) out.gram[i][j] = out.gram[j][i] = Dot(spread[i], spread[j]);
    }
    return out;
  }

 private:
  Layer(const Origin& origin, RealConstant weight)
      : factor_(origin.factor), error_(origin.error), weight_(std::move(weight)) {}

  bool Reads(mlir::Value input, const RowBounds& known) {
    const RowSet* set = known.Of(input);
    if (set && set->ball) {
      ball_ = *set->ball;
      return true;
    }
    const Origin origin = OriginOf(input, known);
    const auto layer = origin.moves.empty() ? Of(origin, known) : std::nullopt;
    if (!layer) return false;
    Indices all(layer->weight_.shape[1]);
    std::iota(all.begin(), all.end(), 0);
    Ellipsoid inner;
    mix_ = layer->Spread(all, inner);
    ball_ = {std::move(inner.center), Vector(all.size(), 1.0), std::move(inner.error), false};
    return true;
  }

  // Centers and errors of columns; returns their rows of A.
  Matrix Spread(const Indices& columns, Ellipsoid& out) const {
    Matrix spread;
    for (int64_t column : columns) spread.push_back(Add(column, out));
    return spread;
  }

  Vector Add(int64_t column, Ellipsoid& out) const {
    const size_t inputs = weight_.shape[0], columns = weight_.shape[1];
    Vector row(inputs);
    double center = bias_[bias_.size() == 1 ? 0 : column], error = 0, sum = 0;
    for (size_t k = 0; k < inputs; ++k) {
      const double w = weight_.values[k * columns + column];
      center += w * ball_.center[k];
      error += std::abs(w) * ball_.error[k];
      row[k] = w * ball_.axes[k] * factor_;
      sum += row[k];
    }
    if (ball_.balanced)
      for (double& s : row) s -= sum / static_cast<double>(inputs);
    out.center.push_back(center * factor_);
    out.error.push_back(error * std::abs(factor_) + error_);
    return mix_.empty() ? row : Combined(row);
  }

  // row' mix
  Vector Combined(const Vector& row) const {
    Vector out(mix_[0].size());
    for (size_t k = 0; k < row.size(); ++k)
      for (size_t i = 0; i < out.size(); ++i) out[i] += row[k] * mix_[k][i];
    return out;
  }

  double factor_, error_;
  RealConstant weight_;
  Vector bias_ = {0.0};
  RowBall ball_;
  Matrix mix_;  // of u, before the axes; the identity if it is empty
};

Matrix Times(const Matrix& a, const Matrix& b) {
  Matrix out(a.size(), Vector(a.size()));
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t k = 0; k < a.size(); ++k)
      for (size_t j = 0; j < a.size(); ++j) out[i][j] += a[i][k] * b[k][j];
  return out;
}

// At least the spectral radius: the root of a norm of a power, little more than it.
double SpectralRadius(Matrix m) {
  constexpr int kSquarings = 5;
  double log_radius = 0, weight = 1;
  for (int t = 0;; ++t, weight /= 2) {
    double square = 0;
    for (const Vector& row : m) square += Dot(row, row);
    if (square == 0) return 0;
    const double norm = std::sqrt(square);
    log_radius += weight * std::log(norm);
    if (t == kSquarings) return std::exp(log_radius);
    for (Vector& row : m)
      for (double& x : row) x /= norm;
    m = Times(m, m);
  }
}

// The largest magnitude of each element.
Vector Magnitudes(const Ellipsoid& x) {
  Vector out(x.center.size());
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = std::abs(x.center[i]) + std::sqrt(x.gram[i][i]) + x.error[i];
  return out;
}

// The centers as one more direction of length t, beside those of the unit ball.
double BoundOfBalls(const Ellipsoid& a, const Ellipsoid& b, double t) {
  Matrix g = a.gram, h = b.gram;
  for (size_t i = 0; i < g.size(); ++i)
    for (size_t j = 0; j < g.size(); ++j) {
      g[i][j] += a.center[i] * a.center[j] / (t * t);
      h[i][j] += b.center[i] * b.center[j] / (t * t);
    }
  return (1 + t * t) * std::sqrt(SpectralRadius(Times(g, h)));
}

double BoundOf(const Ellipsoid& a, const Ellipsoid& b) {
  double bound = std::abs(Dot(a.center, b.center)) + LengthIn(a.gram, b.center) +
                 LengthIn(b.gram, a.center) + std::sqrt(SpectralRadius(Times(a.gram, b.gram)));
  for (double t : {0.125, 0.25, 0.5, 1.0}) bound = std::min(bound, BoundOfBalls(a, b, t));
  return bound + Dot(a.error, Magnitudes(b)) + Dot(b.error, Magnitudes(a));
}

// Weighted sums of rows of values, in one place of a row behind it: ends of w . x.
struct Support {
  double low = 0, high = 0;
};

// Of a mean of rows in an ellipsoid with weights that add up to at most `weights`.
Support SupportOf(const Ellipsoid& x, const Vector& w, double weights) {
  double error = LengthIn(x.gram, w);
  for (size_t i = 0; i < w.size(); ++i) error += std::abs(w[i]) * x.error[i];
  const double center = Dot(w, x.center);
  return {std::min(0.0, weights * (center - error)), std::max(0.0, weights * (center + error))};
}

// Which elements of a row, of every row, come from which head, and which column there.
struct Head {
  std::vector<size_t> places;
  Indices columns;
};

std::optional<std::map<int64_t, Head>> HeadsOf(const Origin& origin, int64_t row) {
  auto sources = SourcesOf(origin);
  if (!sources) return std::nullopt;
  const auto shape = ExtentsOf(origin.op->getResult(0));
  const int64_t columns = shape.back(), matrix = columns * shape[shape.size() - 2];
  auto place = [&](size_t i) { return std::pair((*sources)[i] / matrix, (*sources)[i] % columns); };
  std::map<int64_t, Head> heads;
  for (size_t i = 0; i < sources->size(); ++i) {
    if (place(i) != place(i % row)) return std::nullopt;
    if (i >= static_cast<size_t>(row)) continue;
    heads[place(i).first].places.push_back(i);
    heads[place(i).first].columns.push_back(place(i).second);
  }
  return heads;
}

}  // namespace

std::optional<double> BoundOfScores(nn::MatMulOp op, const RowBounds& known) {
  mlir::Value lhs = op.getLhs(), rhs = op.getRhs();
  const Origin from_a = OriginOf(lhs, known), from_b = OriginOf(rhs, known);
  const auto a = Layer::Of(from_a, known), b = Layer::Of(from_b, known);
  if (!a || !b) return std::nullopt;
  const auto rows_a = RowsOf(from_a, lhs, false), rows_b = RowsOf(from_b, rhs, !op.getTransposeB());
  if (!rows_a || !rows_b || rows_a->size() != rows_b->size()) return std::nullopt;
  std::set<std::pair<Indices, Indices>> pairs;
  for (size_t batch = 0; batch < rows_a->size(); ++batch)
    for (const Indices& x : (*rows_a)[batch])
      for (const Indices& y : (*rows_b)[batch]) pairs.emplace(x, y);
  double largest = 0;
  for (const auto& [x, y] : pairs) largest = std::max(largest, BoundOf(a->At(x), b->At(y)));
  return largest;
}

std::optional<RowSet> SetBehindAttention(nn::LinearOp op, const RowBounds& known) {
  const Origin origin = OriginOf(op.getInput(), known);
  auto context = llvm::dyn_cast_or_null<nn::MatMulOp>(origin.op);
  const RowSet* weights = context ? known.Of(context.getLhs()) : nullptr;
  if (!weights || !weights->sum || context.getTransposeB()) return std::nullopt;
  const Origin from_values = OriginOf(context.getRhs(), known);
  const auto layer = Layer::Of(from_values, known);
  if (!layer) return std::nullopt;
  const auto values = RowsOf(from_values, context.getRhs(), false);
  const auto heads = HeadsOf(origin, ExtentsOf(op.getInput()).back());
  auto weight = ReadConstant(op.getWeight());
  if (!values || !heads || mlir::failed(weight)) return std::nullopt;
  const size_t columns = weight->shape[1];
  RowSet out{Vector(columns), Vector(columns), std::nullopt, std::nullopt};
  for (const auto& [index, head] : *heads) {
    const Rows& rows = (*values)[index];
    if (rows.size() != 1) return std::nullopt;
    Indices from;
    for (int64_t column : head.columns) from.push_back((*rows.begin())[column]);
    const Ellipsoid x = layer->At(from);
    Vector w(head.places.size());
    for (size_t j = 0; j < columns; ++j) {
      double error = 0;
      for (size_t i = 0; i < w.size(); ++i) {
        w[i] = weight->values[head.places[i] * columns + j] * origin.factor;
        error += std::abs(weight->values[head.places[i] * columns + j]) * origin.error;
      }
      const Support support = SupportOf(x, w, *weights->sum);
      out.low[j] += support.low - error;
      out.high[j] += support.high + error;
    }
  }
  return out;
}

}  // namespace mpcc
