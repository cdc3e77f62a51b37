// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/spent_numbers.h"

#include <iterator>

namespace mpcc {
namespace {

// The gap that holds a number below the watermark, or the end.
template <typename Map>
auto GapOf(Map& gaps, uint64_t number) {
  auto after = gaps.upper_bound(number);
  if (after == gaps.begin()) return gaps.end();
  const auto gap = std::prev(after);
  return gap->second >= number ? gap : gaps.end();
}

}  // namespace

bool SpentNumbers::Contains(uint64_t number) const {
  return number <= watermark_ && GapOf(gaps_, number) == gaps_.end();
}

void SpentNumbers::Add(uint64_t number) {
  if (number > watermark_) {
    if (number > watermark_ + 1) gaps_.emplace(watermark_ + 1, number - 1);
    watermark_ = number;
    return;
  }
  const auto gap = GapOf(gaps_, number);
  if (gap == gaps_.end()) return;
  const auto [first, last] = *gap;
  gaps_.erase(gap);
  if (first < number) gaps_.emplace(first, number - 1);
  if (number < last) gaps_.emplace(number + 1, last);
}

}  // namespace mpcc
