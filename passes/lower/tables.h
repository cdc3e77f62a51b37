// SPDX-License-Identifier: Apache-2.0
// The private tables of the lowering, computed in double precision at compile time.
#ifndef MPCC_PASSES_LOWER_TABLES_H_
#define MPCC_PASSES_LOWER_TABLES_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "passes/policy/policy.h"

namespace mpcc {

// What QuantizeLinear does to a real, seen as integers around the zero point.
struct Quantizer {
  double scale = 1;
  int64_t low = 0, high = 0;  // bounds of q - zero_point
  int bits = 8;
  // Public, from the type alone: -2^magnitude <= q - zero_point < 2^magnitude, and whether it is
  // never negative.
  int magnitude = 8;
  bool is_unsigned = false;
  bool has_zero_point = false;  // the type may have one
  // What is stored: its public ends, from the type, and what stands for 0.
  int64_t least = 0, most = 0, zero = 0;
  bool starts_at_zero = false;  // the lower end is 0, which is public

  // What is stored for 0, where that is private: wide types may have any.
  std::optional<int64_t> PrivateZero() const;
  // The largest magnitude inside the bounds.
  double Reach() const { return scale * static_cast<double>(std::max(-low, high)); }
  int64_t Apply(double real) const;  // clip(rint(real / scale)), half to even
};

using RealFunction = std::function<double(double)>;
using TableFunction = std::function<int64_t(double)>;

// Entry u is f(s * unit) for the signed (or unsigned) reading s of the k-bit index u.
std::vector<int64_t> Tabulate(int k, double unit, const TableFunction& f, bool is_unsigned = false);

// What mpc.leading_lut reads of a number of `bits` bits: level by level f of the middle of the
// numbers that an index stands for, 0 where the level does not decide. Levels that the number has
// no bits for are left out.
std::vector<int64_t> WindowValues(int bits, WindowWidths windows, const TableFunction& f);

// numerator / sqrt(v) of an integer v, to so many bits as are worth dealing.
TableFunction Rsqrt(double numerator);

// A public function of integers as mpc.staircase has it.
struct Stairs {
  std::vector<int64_t> starts, values;
  int64_t origin, limit;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_TABLES_H_
