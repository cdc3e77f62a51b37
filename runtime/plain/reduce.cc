// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

// Real numbers, and integers whose fold is a real number.
struct RealFold {
  double start;
  double (*step)(double sum, double x);
};
constexpr double kInfinity = std::numeric_limits<double>::infinity();
double Plus(double a, double b) { return a + b; }
double PlusSquare(double a, double b) { return a + b * b; }

// Indexed by Fold.
constexpr RealFold kReal[] = {
    {0, Plus},
    {0, Plus},
    {-kInfinity, [](double a, double b) { return a > b || std::isnan(a) ? a : b; }},
    {0, PlusSquare},
    {kInfinity, [](double a, double b) { return a < b || std::isnan(a) ? a : b; }},
    {1, [](double a, double b) { return a * b; }},
    {0, [](double a, double b) { return a + std::fabs(b); }},
    {0, PlusSquare},
};

// Exact on integers: extremes, and products, which wrap. Null where the real fold serves.
struct IntFold {
  int64_t start = 0;
  int64_t (*step)(int64_t, int64_t) = nullptr;
};
IntFold ExactFold(Fold fold) {
  using Limits = std::numeric_limits<int64_t>;
  switch (fold) {
    case Fold::kMax:
      return {Limits::min(), [](int64_t a, int64_t b) { return std::max(a, b); }};
    case Fold::kMin:
      return {Limits::max(), [](int64_t a, int64_t b) { return std::min(a, b); }};
    case Fold::kProd:
      return {1, [](int64_t a, int64_t b) {
                return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
              }};
    default:
      return {};
  }
}

template <typename T, typename Cell, typename Step>
std::vector<Cell> Cells(const Call& call, Cell start, Step step) {
  const Shape &from = call.Operand(0).shape, &to = call.result.shape;
  std::vector<Cell> cells(Count(to), start);
  const T* x = call.In<T>(0);
  Walk<1>(from, {BroadcastStrides(to, from)}, {}, [&](int64_t i, const auto& at) {
    cells[at[0]] = step(cells[at[0]], static_cast<Cell>(x[i]));
  });
  return cells;
}

template <typename T>
void ReduceReal(Fold fold, const Call& call) {
  const RealFold& row = kReal[static_cast<size_t>(fold)];
  const std::vector<double> cells = Cells<T, double>(call, row.start, row.step);
  const double each = static_cast<double>(Count(call.Operand(0).shape)) /
                      static_cast<double>(std::max<size_t>(cells.size(), 1));
  for (size_t i = 0; i < cells.size(); ++i) {
    const double cell = fold == Fold::kMean ? cells[i] / each
                        : fold == Fold::kL2 ? std::sqrt(cells[i])
                                            : cells[i];
    call.Out<T>()[i] = As<T>(cell);
  }
}

}  // namespace

FormOr InferReduce(const Operator&, const Signature& s) {
  Form result = s.operands[0];
  if (result.type == Type::kI32) return Bad("a reduction of storage integers");
  std::vector<bool> seen(result.shape.size(), false);
  for (int64_t axis : s.ints) {
    if (!IsAxis(axis, seen.size()) || seen[axis]) return Bad("an axis is out of range or repeated");
    seen[axis] = true;
    result.shape[axis] = 1;
  }
  return result;
}

absl::Status ReduceBy(Fold fold, const Call& call) {
  const IntFold exact = ExactFold(fold);
  if (call.result.type == Type::kF32) {
    ReduceReal<float>(fold, call);
  } else if (!exact.step) {
    ReduceReal<int64_t>(fold, call);
  } else {
    const auto cells = Cells<int64_t, int64_t>(call, exact.start, exact.step);
    std::copy(cells.begin(), cells.end(), call.Out<int64_t>());
  }
  return absl::OkStatus();
}

FormOr InferCumSum(const Operator&, const Signature& s) {
  if (s.ints.size() != 3 || !IsAxis(s.ints[0], Rank(s))) return Bad("sums along no axis");
  if (s.operands[0].type == Type::kI32) return Bad("sums of storage integers");
  return s.operands[0];
}

absl::Status RunCumSum(const Operator&, const Call& call) {
  const AroundAxis a(call.result.shape, call.Int(0));
  const bool exclusive = call.Int(1) != 0, reverse = call.Int(2) != 0;
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    using Sum = std::conditional_t<std::is_same_v<T, float>, double, uint64_t>;
    for (int64_t line = 0; line < a.outer * a.inner; ++line) {
      const int64_t first = line / a.inner * a.extent * a.inner + line % a.inner;
      Sum sum = 0;
      for (int64_t k = 0; k < a.extent; ++k) {
        const int64_t at = first + (reverse ? a.extent - 1 - k : k) * a.inner;
        const Sum before = sum;
        sum += static_cast<Sum>(call.In<T>(0)[at]);
        call.Out<T>()[at] = static_cast<T>(exclusive ? before : sum);
      }
    }
  });
  return absl::OkStatus();
}

}  // namespace mpcc::plain
