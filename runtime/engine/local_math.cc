// SPDX-License-Identifier: Apache-2.0
// Plaintext arithmetic at P1. Every elementary operation is computed in double precision and
// rounded once to f32, sums are taken in double in row-major order. Two integers wrap, doubles that
// become integers saturate. The reference interpreter of the nn dialect keeps the same rules.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "runtime/base/rounding.h"
#include "runtime/engine/step_context.h"
#include "runtime/protocol/broadcast.h"

namespace mpcc {
namespace {

using RealFunction = double (*)(double);
using RealOperator = double (*)(double, double);
using IntOperator = int64_t (*)(int64_t, int64_t);

// Indexed by UnaryKind; kCast and kNot are handled apart.
constexpr RealFunction kUnary[] = {
    +[](double x) { return -x; },
    +[](double x) { return std::sqrt(x); },
    +[](double x) { return std::erf(x); },
    +[](double x) { return std::tanh(x); },
    +[](double x) { return x > 0 ? x : 0.0; },
    +[](double x) { return std::exp(x); },
    +[](double x) { return 1.0 / x; },
    +[](double x) { return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0))); },
    +[](double x) {
      return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
    },
    +[](double x) { return 1.0 / (1.0 + std::exp(-x)); },
    nullptr,
    nullptr,
    +[](double x) { return std::fabs(x); },
};
static_assert(std::size(kUnary) == static_cast<size_t>(UnaryKind::kCount));

constexpr RealOperator kRealBinary[] = {
    +[](double a, double b) { return a + b; },
    +[](double a, double b) { return a - b; },
    +[](double a, double b) { return a * b; },
    +[](double a, double b) { return a / b; },
    +[](double a, double b) { return std::pow(a, b); },
    +[](double a, double b) { return std::max(a, b); },
    +[](double a, double b) { return std::min(a, b); },
    +[](double a, double b) { return double(a == b); },
    +[](double a, double b) { return double(a < b); },
    +[](double a, double b) { return double(a > b); },
    +[](double a, double b) { return double(a != 0 && b != 0); },
};
static_assert(std::size(kRealBinary) == static_cast<size_t>(BinaryKind::kCount));

int64_t Wrapping(uint64_t x) { return static_cast<int64_t>(x); }

int64_t IntPower(int64_t base, int64_t exponent) {
  uint64_t result = exponent < 0 ? base == 1 : 1, power = static_cast<uint64_t>(base);
  for (; exponent > 0; exponent >>= 1, power *= power)
    if (exponent & 1) result *= power;
  return Wrapping(result);
}

constexpr IntOperator kIntBinary[] = {
    +[](int64_t a, int64_t b) { return Wrapping(uint64_t(a) + uint64_t(b)); },
    +[](int64_t a, int64_t b) { return Wrapping(uint64_t(a) - uint64_t(b)); },
    +[](int64_t a, int64_t b) { return Wrapping(uint64_t(a) * uint64_t(b)); },
    +[](int64_t a, int64_t b) { return b == -1 ? Wrapping(-uint64_t(a)) : a / b; },
    IntPower,
    +[](int64_t a, int64_t b) { return std::max(a, b); },
    +[](int64_t a, int64_t b) { return std::min(a, b); },
    +[](int64_t a, int64_t b) { return int64_t{a == b}; },
    +[](int64_t a, int64_t b) { return int64_t{a < b}; },
    +[](int64_t a, int64_t b) { return int64_t{a > b}; },
    +[](int64_t a, int64_t b) { return int64_t{a != 0 && b != 0}; },
};
static_assert(std::size(kIntBinary) == static_cast<size_t>(BinaryKind::kCount));

// Calls fn with a value of the wire's C++ type.
template <typename Fn>
auto VisitType(const plan::Wire& wire, Fn fn) {
  return wire.type() == plan::F32 ? fn(float{}) : fn(int64_t{});
}

// Input i broadcast to the result's shape; a copy in the arena only if the shapes differ.
template <typename T>
const T* Spread(StepContext& s, int i) {
  using Lane = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  if (ElementCount(s.In(i)) == ElementCount(s.Out()))
    return reinterpret_cast<const T*>(s.InData(i));
  Lane* out = s.run.arena.Take<Lane>(ElementCount(s.Out()));
  BroadcastTo(reinterpret_cast<const Lane*>(s.InData(i)), ShapeOf(s.In(i)), ShapeOf(s.Out()), out);
  return reinterpret_cast<const T*>(out);
}

template <typename To, typename From>
To Convert(From value) {
  if constexpr (std::is_same_v<To, int64_t> && !std::is_same_v<From, int64_t>)
    return TruncateToInt(value);
  else
    return static_cast<To>(value);
}

// out[i] = fn(i), converted to the result's type.
template <typename Fn>
void Fill(StepContext& s, Fn fn) {
  VisitType(s.Out(), [&](auto to) {
    using To = decltype(to);
    To* out = reinterpret_cast<To*>(s.OutData());
    for (uint64_t i = 0, n = ElementCount(s.Out()); i < n; ++i) out[i] = Convert<To>(fn(i));
  });
}

absl::Status Binary(StepContext& s) {
  const auto kind = static_cast<size_t>(s.Int(0));
  if (s.In(0).type() == plan::F32) {
    const float *a = Spread<float>(s, 0), *b = Spread<float>(s, 1);
    Fill(s, [&, op = kRealBinary[kind]](uint64_t i) { return op(a[i], b[i]); });
    return absl::OkStatus();
  }
  const int64_t *a = Spread<int64_t>(s, 0), *b = Spread<int64_t>(s, 1);
  if (kind == static_cast<size_t>(BinaryKind::kDiv) &&
      std::count(b, b + ElementCount(s.Out()), int64_t{0}) > 0)
    return absl::InvalidArgumentError("integer division by zero");
  Fill(s, [&, op = kIntBinary[kind]](uint64_t i) { return op(a[i], b[i]); });
  return absl::OkStatus();
}

absl::Status IntUnary(StepContext& s, UnaryKind kind) {
  const int64_t* x = reinterpret_cast<const int64_t*>(s.InData(0));
  if (kind == UnaryKind::kNot)
    Fill(s, [&](uint64_t i) { return int64_t{x[i] == 0}; });
  else if (kind == UnaryKind::kCast)
    Fill(s, [&](uint64_t i) { return x[i]; });
  else if (kind == UnaryKind::kNeg)
    Fill(s, [&](uint64_t i) { return Wrapping(-uint64_t(x[i])); });
  else if (kind == UnaryKind::kAbs)
    Fill(s, [&](uint64_t i) { return x[i] < 0 ? Wrapping(-uint64_t(x[i])) : x[i]; });
  else
    return absl::InvalidArgumentError("this unary function has no meaning on integers");
  return absl::OkStatus();
}

absl::Status Unary(StepContext& s) {
  const auto kind = static_cast<UnaryKind>(s.Int(0));
  if (s.In(0).type() != plan::F32) return IntUnary(s, kind);
  const float* x = reinterpret_cast<const float*>(s.InData(0));
  if (kind == UnaryKind::kCast)
    Fill(s, [&](uint64_t i) { return x[i]; });
  else if (kind == UnaryKind::kNot)
    Fill(s, [&](uint64_t i) { return double(x[i] == 0); });
  else
    Fill(s,
         [&, function = kUnary[static_cast<size_t>(kind)]](uint64_t i) { return function(x[i]); });
  return absl::OkStatus();
}

// The cell of the result that each operand element falls into, in row-major order of the operand.
template <typename T>
void Fold(StepContext& s, double* cells, ReduceKind kind) {
  const T* x = reinterpret_cast<const T*>(s.InData(0));
  uint64_t* cell = s.run.arena.Take<uint64_t>(ElementCount(s.In(0)));
  uint64_t* identity = s.run.arena.Take<uint64_t>(ElementCount(s.Out()));
  std::iota(identity, identity + ElementCount(s.Out()), uint64_t{0});
  BroadcastTo(static_cast<const uint64_t*>(identity), ShapeOf(s.Out()), ShapeOf(s.In(0)), cell);
  for (uint64_t i = 0, n = ElementCount(s.In(0)); i < n; ++i) {
    const double value = static_cast<double>(x[i]);
    double& target = cells[cell[i]];
    if (kind == ReduceKind::kMax)
      target = std::max(target, value);
    else
      target += kind == ReduceKind::kL2 ? value * value : value;
  }
}

absl::Status Reduce(StepContext& s) {
  const auto kind = static_cast<ReduceKind>(s.Int(0));
  const uint64_t n = ElementCount(s.Out());
  double* cells = s.run.arena.Take<double>(n);
  std::fill_n(cells, n, kind == ReduceKind::kMax ? -std::numeric_limits<double>::infinity() : 0.0);
  VisitType(s.In(0), [&](auto from) { Fold<decltype(from)>(s, cells, kind); });
  const double per_cell = static_cast<double>(ElementCount(s.In(0))) / static_cast<double>(n);
  for (uint64_t i = 0; i < n; ++i) {
    if (kind == ReduceKind::kMean) cells[i] /= per_cell;
    if (kind == ReduceKind::kL2) cells[i] = std::sqrt(cells[i]);
  }
  VisitType(s.Out(), [&](auto to) {
    for (uint64_t i = 0; i < n; ++i)
      reinterpret_cast<decltype(to)*>(s.OutData())[i] = Convert<decltype(to)>(cells[i]);
  });
  return absl::OkStatus();
}

absl::Status Select(StepContext& s) {
  return VisitType(s.Out(), [&](auto value) {
    using T = decltype(value);
    const T *a = Spread<T>(s, 1), *b = Spread<T>(s, 2);
    T* out = reinterpret_cast<T*>(s.OutData());
    VisitType(s.In(0), [&](auto condition) {
      const auto* c = Spread<decltype(condition)>(s, 0);
      for (uint64_t i = 0, n = ElementCount(s.Out()); i < n; ++i) out[i] = c[i] != 0 ? a[i] : b[i];
    });
    return absl::OkStatus();
  });
}

void NormalizeRow(const float* x, const float* gamma, const float* beta, int64_t width,
                  double epsilon, float* out) {
  double sum = 0, variance = 0;
  for (int64_t i = 0; i < width; ++i) sum += x[i];
  const double mean = sum / static_cast<double>(width);
  for (int64_t i = 0; i < width; ++i) variance += (x[i] - mean) * (x[i] - mean);
  const double factor = 1.0 / std::sqrt(variance / static_cast<double>(width) + epsilon);
  for (int64_t i = 0; i < width; ++i)
    out[i] = static_cast<float>((x[i] - mean) * factor * gamma[i] + beta[i]);
}

absl::Status LayerNorm(StepContext& s) {
  const auto floats = [&](int i) { return reinterpret_cast<const float*>(s.InData(i)); };
  const int64_t width = s.In(0).shape(s.In(0).shape_size() - 1);
  for (uint64_t first = 0; first < ElementCount(s.In(0)); first += width)
    NormalizeRow(floats(0) + first, floats(1), floats(2), width, s.step().real(),
                 reinterpret_cast<float*>(s.OutData()) + first);
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::LOCAL_BINARY, Binary}, {plan::LOCAL_UNARY, Unary},          {plan::LOCAL_REDUCE, Reduce},
    {plan::LOCAL_SELECT, Select}, {plan::LOCAL_LAYER_NORM, LayerNorm},
};

}  // namespace

std::span<const StepRow> LocalMathSteps() { return kRows; }

}  // namespace mpcc
