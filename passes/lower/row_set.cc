// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/row_set.h"

#include <cmath>

namespace mpcc {

RowSet Between(double low, double high) { return {{low}, {high}, std::nullopt, std::nullopt}; }

RowSet Uniform(const RowSet& x) {
  return Between(*std::min_element(x.low.begin(), x.low.end()),
                 *std::max_element(x.high.begin(), x.high.end()));
}

RowSet Moved(const RowSet& x, size_t from, size_t to) {
  if (from == to) return x;
  if (x.low.size() == 1 || (from % to != 0 && to % from != 0)) return Uniform(x);
  RowSet out{std::vector<double>(to, INFINITY), std::vector<double>(to, -INFINITY), std::nullopt,
             std::nullopt};
  for (size_t j = 0; j < std::max(from, to); ++j) {
    out.low[j % to] = std::min(out.low[j % to], x.low[j % from]);
    out.high[j % to] = std::max(out.high[j % to], x.high[j % from]);
  }
  return out;
}

double RowSet::Magnitude(size_t j) const {
  return std::max(std::abs(EndAt(low, j)), std::abs(EndAt(high, j)));
}

double RowSet::Magnitude() const {
  double largest = 0;
  for (size_t j = 0; j < low.size(); ++j) largest = std::max(largest, Magnitude(j));
  return largest;
}

}  // namespace mpcc
