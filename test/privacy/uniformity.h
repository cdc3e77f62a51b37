// SPDX-License-Identifier: Apache-2.0
// Are the bits that a party sees uniform and independent of each other? Of many views with fresh
// masks, each a row of the same bits.
//
// With n views a bit that is 1 with probability 1/2 + d is found with probability 0.999 if
// d > 4.6 / sqrt(n): 0.14 for 1024 views, 0.20 for 512. So is a pair of bits that are equal with
// probability 1/2 + d, if d > 5.1 / sqrt(n). Of an operation whose bits are b in all, a lean d of
// all together is found from 4.6 / sqrt(n b) on. Two bits that are always equal or always opposite
// are found wherever they stand.
#ifndef MPCC_TEST_PRIVACY_UNIFORMITY_H_
#define MPCC_TEST_PRIVACY_UNIFORMITY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace mpcc::privacy {

// What is opened is a function of messages and of what the party knows: both are looked at with
// what was dealt, but not with each other.
enum class Origin { kDealt, kMessage, kOpened };

// Bits of a view that belong together, in the order of the view.
struct Part {
  std::string operation;
  uint64_t bits;
  Origin origin = Origin::kDealt;
};

// Views of one party, bit by bit.
class Views {
 public:
  // `count` is a multiple of 64.
  Views(std::vector<Part> parts, uint64_t count);

  uint64_t count() const { return 64 * words_; }
  uint64_t bits() const { return bits_; }
  const std::vector<Part>& parts() const { return parts_; }

  // Row `view`: ceil(bits / 8) bytes, the least significant bit first.
  void Set(uint64_t view, const std::vector<uint8_t>& row);

  // A bit of all views, `count` / 64 words.
  const uint64_t* Column(uint64_t bit) const { return &columns_[bit * words_]; }

 private:
  std::vector<Part> parts_;
  uint64_t words_, bits_ = 0;
  std::vector<uint64_t> columns_;
};

// What is not as it should be, one line each; empty if nothing is: of every bit, of bits,
// neighbours and bytes of each operation, of all pairs that tell each other, and of each pair among
// messages, openings and some thousand dealt bits.
std::vector<std::string> Suspicions(const Views& views);

}  // namespace mpcc::privacy

#endif  // MPCC_TEST_PRIVACY_UNIFORMITY_H_
