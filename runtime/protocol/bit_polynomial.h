// SPDX-License-Identifier: Apache-2.0
// What a from_bits computes: as attributes of the operation and as parameters of its steps.
#ifndef MPCC_RUNTIME_PROTOCOL_BIT_POLYNOMIAL_H_
#define MPCC_RUNTIME_PROTOCOL_BIT_POLYNOMIAL_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/protocol/cost.h"

namespace mpcc {

// A product of mask bits, times the private constant if there is one, that P0 deals.
struct MaskProduct {
  int64_t bits = 0;   // which, as a set
  int low_zeros = 0;  // what it is multiplied by is a multiple of 2^low_zeros

  bool operator==(const MaskProduct&) const = default;
};

// The sum over t of coefficients[t] times the product of the bits in the set terms[t].
struct BitPolynomial {
  std::span<const int64_t> terms;  // sets of bit numbers, as bit masks, in increasing order
  std::span<const int64_t> coefficients;

  // The two lists one behind the other.
  static BitPolynomial FromInts(std::span<const int64_t> ints);

  // Empty when it is a polynomial of `bits` bits modulo 2^width, times a constant or not, else what
  // is wrong.
  std::string Problem(int64_t bits, int width, bool constant) const;

  // In increasing order of `bits`; the empty product with a constant alone. Modulo 2 and without a
  // constant one bit is shared by its mask already, and not dealt. REQUIRES: no Problem.
  std::vector<MaskProduct> Products(int width, bool constant) const;

  // What is dealt for `elements` elements modulo 2^width and a constant of `constant_elements`, 0
  // without one. REQUIRES: no Problem.
  std::vector<PackedVector> Vectors(uint64_t elements, int width, uint64_t constant_elements) const;
};

inline constexpr int kMaxPolynomialBits = 32;
inline constexpr int kMaxPolynomialDegree = 6;
inline constexpr size_t kMaxMaskProducts = 256;

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_BIT_POLYNOMIAL_H_
