// SPDX-License-Identifier: Apache-2.0
// One-hot vectors of bits: of a digit v of d bits, 2^d bits of which bit v is set. Element e has
// the bits [e 2^d, (e + 1) 2^d) of a packed vector, least significant first within each byte.
#ifndef MPCC_RUNTIME_KERNELS_ONE_HOT_H_
#define MPCC_RUNTIME_KERNELS_ONE_HOT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/bit_vector.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

inline constexpr int kMaxDigitBits = 12;

// digits[i] = bits [shift, shift + d) of a[i].
void Digits(ConstRingVector a, int shift, int d, std::span<uint16_t> digits);

// Flips bit digits[i] of each element. `packed` has 2^d bits for each digit, and whole bytes.
void FlipOneHot(std::span<const uint16_t> digits, int d, std::span<uint8_t> packed);

// Reads a Boolean function of u - v out of shares of the one-hot vector of v, for a public u: the
// parity of those bits for which the function is 1.
class OneHotReader {
 public:
  // Bit u - v + 2^d of `table` is the function at u - v, which is more than -2^d and less than 2^d.
  // REQUIRES: d <= kMaxDigitBits; the table has 2^(d + 1) bits, and at least a word.
  OneHotReader(int d, std::span<const uint64_t> table);

  static constexpr size_t kScratchBytes = 6 << 10;

  // out[i]: that of element i at u = digits[i]. `digits` are addresses: they must be public. What
  // is left in `scratch` is secret. REQUIRES: digits are less than 2^d; `packed` has all of their
  // elements; `scratch` has kScratchBytes at a multiple of 8.
  void Read(std::span<const uint8_t> packed, std::span<const uint16_t> digits,
            std::span<uint8_t> scratch, BitVector out) const;

 private:
  int d_;
  // The table turned around, so that what belongs to v = 0, 1, .. are the bits from 2^d - u on; for
  // d > 6 eight times, beginning at bits 0 to 7, so that they begin on a byte of one of them.
  std::vector<uint8_t> rows_;
};

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_ONE_HOT_H_
