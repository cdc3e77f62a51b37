// SPDX-License-Identifier: Apache-2.0
// What a read_bits reads: as attributes of the operation and as parameters of its steps.
#ifndef MPCC_RUNTIME_PROTOCOL_DIGIT_READS_H_
#define MPCC_RUNTIME_PROTOCOL_DIGIT_READS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mpcc {

// Boolean functions of u - v, where u is a digit of the opened value and v that of its mask.
struct DigitReads {
  std::span<const int64_t> digits;  // widths from the top; together all bits of the ring
  std::span<const int64_t> reads;   // by result bit: which digit it reads
  std::span<const int64_t> tables;  // by result bit: TableWords(width of its digit) words, of which
                                    // bit u - v + 2^width is the function at u - v

  // Of a ring of `width` bits, as a step has them: the number of reads, then the three lists. What
  // does not fit is for Problem to find.
  static DigitReads FromInts(int width, std::span<const int64_t> ints);

  // Empty when all of it fits together and a ring of `width` bits, else what is wrong.
  std::string Problem(int width) const;

  // The bits below a digit. REQUIRES: no Problem.
  int ShiftOf(size_t digit) const;
  // The table of each result bit. REQUIRES: no Problem.
  std::vector<std::span<const int64_t>> Tables() const;
};

inline constexpr int64_t kMaxDigitWidth = 12;

// Words of a table over the differences of two digits of `width` bits.
constexpr int64_t TableWords(int64_t width) { return width < 6 ? 1 : int64_t{1} << (width - 5); }

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_DIGIT_READS_H_
