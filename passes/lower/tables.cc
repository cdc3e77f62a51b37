// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/tables.h"

#include <algorithm>
#include <cmath>

namespace mpcc {

int64_t Quantizer::Apply(double real) const {
  const double q = std::nearbyint(real / scale);
  return static_cast<int64_t>(std::clamp(q, static_cast<double>(low), static_cast<double>(high)));
}

std::optional<int64_t> Quantizer::PrivateZero() const {
  return has_zero_point && !starts_at_zero ? std::optional(zero) : std::nullopt;
}

std::vector<int64_t> Tabulate(int k, double unit, const TableFunction& f, bool is_unsigned) {
  const int64_t size = int64_t{1} << k;
  std::vector<int64_t> table(size);
  for (int64_t u = 0; u < size; ++u) {
    const int64_t s = !is_unsigned && u >= size / 2 ? u - size : u;
    table[u] = f(static_cast<double>(s) * unit);
  }
  return table;
}

std::vector<int64_t> WindowValues(int bits, WindowWidths w, const TableFunction& f) {
  const int levels = std::min(w.levels, (bits - w.index) / w.gap + 1);
  const int64_t size = int64_t{1} << w.index;
  std::vector<int64_t> values(levels * size, 0);
  for (int t = 0; t < levels; ++t) {
    const int shift = bits - w.index - t * w.gap;
    const double middle = shift > 0 ? 0.5 : 0;
    for (int64_t u = t + 1 < levels ? size >> w.gap : 0; u < size; ++u)
      values[t * size + u] = f(std::ldexp(static_cast<double>(u) + middle, shift));
  }
  return values;
}

TableFunction Rsqrt(double numerator) {
  constexpr int kBits = 12;                   // after the first one
  constexpr double kLargest = (1 << 24) - 1;  // of the smallest numbers
  return [=](double v) {
    const double y = std::min(kLargest, numerator / std::sqrt(std::max(v, 1.0)));
    const double step = std::exp2(std::max(0, std::ilogb(y) - kBits));
    return std::llrint(std::rint(y / step) * step);
  };
}

}  // namespace mpcc
