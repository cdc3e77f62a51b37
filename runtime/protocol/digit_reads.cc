// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/digit_reads.h"

#include <fmt/format.h>

#include <algorithm>

namespace mpcc {
namespace {

std::string DigitsProblem(std::span<const int64_t> digits, int width) {
  int64_t sum = 0;
  for (int64_t digit : digits) {
    if (digit < 1 || digit > kMaxDigitWidth)
      return fmt::format("a digit has {} bits, expected 1 to {}", digit, kMaxDigitWidth);
    sum += digit;
  }
  if (sum == width) return "";
  return fmt::format("the digits have {} bits, expected the ring's {}", sum, width);
}

// Bits 1 to 2^(d + 1) - 1 count; the others are 0. What is constant there depends on no operand.
std::string TableProblem(std::span<const int64_t> table, int64_t digit_width) {
  const uint64_t size = uint64_t{2} << digit_width;
  uint64_t ones = 0;
  for (uint64_t bit = 0; bit < table.size() * 64; ++bit) {
    if (!(static_cast<uint64_t>(table[bit / 64]) >> bit % 64 & 1)) continue;
    if (bit == 0 || bit >= size)
      return fmt::format("has bit {} set, expected 1 to {}", bit, size - 1);
    ++ones;
  }
  if (ones == 0 || ones == size - 1) return "is the same for every difference";
  return "";
}

}  // namespace

DigitReads DigitReads::FromInts(int width, std::span<const int64_t> ints) {
  if (ints.empty()) return {};
  const auto take = [&](size_t count) {
    const auto taken = ints.first(std::min(count, ints.size()));
    ints = ints.subspan(taken.size());
    return taken;
  };
  const int64_t reads = take(1)[0];
  size_t digits = 0;
  for (int64_t sum = 0; sum < width && digits < ints.size(); ++digits) {
    if (ints[digits] < 1 || ints[digits] > kMaxDigitWidth) break;
    sum += ints[digits];
  }
  DigitReads out;
  out.digits = take(digits);
  out.reads = take(reads < 0 ? 0 : static_cast<size_t>(reads));
  out.tables = ints;
  return out;
}

std::string DigitReads::Problem(int width) const {
  if (std::string problem = DigitsProblem(digits, width); !problem.empty()) return problem;
  if (reads.empty()) return "nothing is read, expected one bit or more";
  uint64_t words = 0;
  for (int64_t digit : reads) {
    if (digit < 0 || digit >= static_cast<int64_t>(digits.size()))
      return fmt::format("a bit is read of digit {}, expected 0 to {}", digit, digits.size() - 1);
    words += TableWords(digits[digit]);
  }
  if (words != tables.size())
    return fmt::format("the tables have {} words, expected {}", tables.size(), words);
  const auto all = Tables();
  for (size_t i = 0; i < all.size(); ++i)
    if (std::string problem = TableProblem(all[i], digits[reads[i]]); !problem.empty())
      return fmt::format("table {} {}", i, problem);
  return "";
}

int DigitReads::ShiftOf(size_t digit) const {
  int64_t shift = 0;
  for (size_t i = digit + 1; i < digits.size(); ++i) shift += digits[i];
  return static_cast<int>(shift);
}

std::vector<std::span<const int64_t>> DigitReads::Tables() const {
  std::vector<std::span<const int64_t>> out;
  size_t first = 0;
  for (int64_t digit : reads) {
    const auto words = static_cast<size_t>(TableWords(digits[digit]));
    out.push_back(tables.subspan(first, words));
    first += words;
  }
  return out;
}

}  // namespace mpcc
