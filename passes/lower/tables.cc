// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/tables.h"

#include <algorithm>
#include <cmath>

namespace mpcc {

int64_t Quantizer::Apply(double real) const {
  const double q = std::nearbyint(real / scale);
  return static_cast<int64_t>(std::clamp(q, static_cast<double>(low), static_cast<double>(high)));
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

std::vector<int64_t> WindowValues(int k, int shift, int64_t threshold, bool last,
                                  const TableFunction& f, double middle) {
  std::vector<int64_t> table(int64_t{1} << k, 0);
  for (int64_t u = last ? 0 : threshold; u < static_cast<int64_t>(table.size()); ++u)
    table[u] = f(std::ldexp(static_cast<double>(u) + middle, shift));
  return table;
}

std::vector<int64_t> WindowSelectors(int k, int64_t threshold) {
  std::vector<int64_t> table(int64_t{1} << k, 0);
  std::fill_n(table.begin(), threshold, 1);
  return table;
}

std::vector<int64_t> LowFactors(int low, double octaves_per_step, int bits) {
  std::vector<int64_t> factors(int64_t{1} << low);
  for (size_t ml = 0; ml < factors.size(); ++ml)
    factors[ml] = std::llrint(std::exp2(static_cast<double>(ml) * octaves_per_step + bits));
  return factors;
}

std::vector<int64_t> ExpEntries(const ExpTable& t) {
  const int64_t step = int64_t{1} << t.low;
  const int64_t masked = (int64_t{1} << (t.index - 1)) - step;
  std::vector<int64_t> entries((int64_t{1} << t.index) + step, 0);
  for (int64_t d = 1 - step; d < masked; ++d) {
    const double octave = (static_cast<double>(d) - t.reference) * t.octaves_per_step;
    entries[d + step] = std::llrint(std::exp2(std::min(octave, t.headroom) + t.log_reference));
  }
  return entries;
}

}  // namespace mpcc
