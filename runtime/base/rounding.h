// SPDX-License-Identifier: Apache-2.0
// Reals to integers, saturating: the same in the engine and in the reference interpreter.
#ifndef MPCC_RUNTIME_BASE_ROUNDING_H_
#define MPCC_RUNTIME_BASE_ROUNDING_H_

#include <cmath>
#include <cstdint>
#include <limits>

#include "runtime/base/ring.h"

namespace mpcc {

// An integral `x` as a signed number of `width` bits, or the nearest bound; NaN is zero.
// REQUIRES: IsRing(width).
inline int64_t Saturate(double x, int width) {
  const double bound = std::ldexp(1.0, width - 1);
  if (std::isnan(x)) return 0;
  if (x >= bound) return static_cast<int64_t>(Mask(width) >> 1);
  if (x < -bound) return std::numeric_limits<int64_t>::min() >> (kMaxRingBits - width);
  return static_cast<int64_t>(x);
}

// Half to even, then saturated.
inline int64_t RoundToRing(double x, int width) { return Saturate(std::nearbyint(x), width); }

// Towards zero, saturated at 64 bits: a cast.
inline int64_t TruncateToInt(double x) { return Saturate(std::trunc(x), kMaxRingBits); }

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_ROUNDING_H_
