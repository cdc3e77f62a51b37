// SPDX-License-Identifier: Apache-2.0
// Numbers from 1 up to a watermark, but for gaps.
#ifndef MPCC_RUNTIME_MATERIAL_SPENT_NUMBERS_H_
#define MPCC_RUNTIME_MATERIAL_SPENT_NUMBERS_H_

#include <cstdint>
#include <map>

namespace mpcc {

class SpentNumbers {
 public:
  // By first number of a gap its last one.
  using Gaps = std::map<uint64_t, uint64_t>;

  SpentNumbers() = default;
  SpentNumbers(uint64_t watermark, Gaps gaps) : watermark_(watermark), gaps_(std::move(gaps)) {}

  // 0 is no number and counts as spent.
  bool Contains(uint64_t number) const;
  void Add(uint64_t number);

  // The highest number that was added, 0 if none was.
  uint64_t watermark() const { return watermark_; }
  // Between them at least one number was added; the last ends below the watermark.
  const Gaps& gaps() const { return gaps_; }

 private:
  uint64_t watermark_ = 0;
  Gaps gaps_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_SPENT_NUMBERS_H_
