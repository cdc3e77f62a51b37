// SPDX-License-Identifier: Apache-2.0
// Sets of rows, and arithmetic of their ends.
#ifndef MPCC_PASSES_LOWER_ROW_SET_H_
#define MPCC_PASSES_LOWER_ROW_SET_H_

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace mpcc {

// center + axes * u + e in every column, for some |u|_2 <= 1 and |e_j| <= error_j: a normalized row
// behind its scale and shift, and behind quantizers. All have one entry a column. If `balanced`,
// the elements of u sum to zero.
struct RowBall {
  std::vector<double> center, axes, error;
  bool balanced = false;
};

// A set that holds every row (the last axis) of a value.
struct RowSet {
  std::vector<double> low, high;  // ends by column; one entry stands for all columns
  std::optional<RowBall> ball;
  std::optional<double> sum;  // of the magnitudes of a row

  // The largest magnitude in column j, and in all.
  double Magnitude(size_t j) const;
  double Magnitude() const;
};

// The entry of column j of ends by column.
inline double EndAt(const std::vector<double>& ends, size_t j) {
  return ends.size() == 1 ? ends[0] : ends[j];
}

// Every element from `low` to `high`.
RowSet Between(double low, double high);
// The ends of all columns together.
RowSet Uniform(const RowSet& x);
// The same row-major elements in rows of `to` columns instead of `from`: copies or pieces of rows.
RowSet Moved(const RowSet& x, size_t from, size_t to);

// Of an element: the least and the largest.
using Ends = std::pair<double, double>;

// Of sums, differences and products; of what lies in both of two sets, or in either.
inline Ends SumOf(double a, double b, double c, double d) { return {a + c, b + d}; }
inline Ends DifferenceOf(double a, double b, double c, double d) { return {a - d, b - c}; }
inline Ends ProductOf(double a, double b, double c, double d) {
  return std::minmax({a * c, a * d, b * c, b * d});
}
inline Ends BothOf(double a, double b, double c, double d) {
  return {std::max(a, c), std::min(b, d)};
}
inline Ends HullOf(double a, double b, double c, double d) {
  return {std::min(a, c), std::max(b, d)};
}

// Ends by column from those of two operands with as many columns, or one.
template <typename F>
RowSet ByColumn(const RowSet& a, const RowSet& b, F ends) {
  RowSet out;
  for (size_t j = 0; j < std::max(a.low.size(), b.low.size()); ++j) {
    const auto [low, high] =
        ends(EndAt(a.low, j), EndAt(a.high, j), EndAt(b.low, j), EndAt(b.high, j));
    out.low.push_back(low);
    out.high.push_back(high);
  }
  return out;
}

// Ends by column from those of one operand.
template <typename F>
RowSet Each(RowSet x, F ends) {
  for (size_t j = 0; j < x.low.size(); ++j)
    std::tie(x.low[j], x.high[j]) = ends(x.low[j], x.high[j]);
  return {x.low, x.high, std::nullopt, std::nullopt};
}

// Of means over tokens: zero where the mask keeps nothing.
inline RowSet OfMean(const RowSet& x) {
  return Each(x, [](double a, double b) { return Ends{std::min(a, 0.0), std::max(b, 0.0)}; });
}

// By a positive factor.
inline RowSet Scaled(const RowSet& x, double factor) {
  return Each(x, [&](double a, double b) { return Ends{a * factor, b * factor}; });
}

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_ROW_SET_H_
