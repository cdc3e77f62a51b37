// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/short_vectors.h"

#include <gtest/gtest.h>

#include "runtime/kernels/pack.h"
#include "runtime/protocol/party_test_util.h"

namespace mpcc::protocol {
namespace {

// As many vectors as are drawn at once, fewer and more; of some width, or bits.
class ShortVectorsTest : public ::testing::TestWithParam<int> {
 protected:
  ShortVectorsTest() : p_(GetParam()), n_(1 + p_.Below(100)) {
    const int most = p_.Width(1, 64);
    for (uint64_t i = p_.Below(40); i > 0; --i)
      widths_.push_back(GetParam() % 4 ? p_.Width(1, most) : 1);
    bytes_ = PackedBytes(n_, most);
    for (int width : widths_) {
      values_.emplace_back(p_.RandomVector(n_, width), width);
      for (auto* corrections : {&together_, &alone_})
        corrections->emplace_back(PackedBytes(n_, width), uint8_t{0xee});
      const auto stream = p_.NextStream();
      targets_.push_back({stream, nullptr, 0, together_.back()});
      dealt_.push_back({stream, nullptr, 0, together_.back()});
    }
  }

  // Bits lie packed in every fourth test.
  template <typename Fn>
  void Visit(size_t i, Fn fn) {
    if (GetParam() % 4 == 0) {
      const PackedBits bits{ConstRingVector(values_[i])};
      fn(ConstBitVector(bits));
    } else
      fn(ConstRingVector(values_[i]));
  }

  ThreeParties p_;
  uint64_t n_, bytes_ = 0;
  std::vector<int> widths_;
  std::vector<LaneVector> values_;
  std::vector<std::vector<uint8_t>> together_, alone_;
  std::vector<DealTarget> targets_;
  std::vector<Dealt> dealt_;
};
INSTANTIATE_TEST_SUITE_P(Random, ShortVectorsTest, ::testing::Range(0, 40));

TEST_P(ShortVectorsTest, AreDealtAsOneByOne) {
  DealContext context = p_.Deal();
  ShortDealer dealer(context, targets_, bytes_);
  for (size_t i = 0; i < widths_.size(); ++i) {
    Visit(i, [&](auto values) { dealer.Deal(values); });
    Visit(i, [&](auto values) {
      DealVector(context, values, {targets_[i].stream, nullptr, 0, alone_[i]});
    });
    EXPECT_EQ(together_[i], alone_[i]);
  }
}

TEST_P(ShortVectorsTest, AreReadAsOneByOne) {
  for (std::vector<uint8_t>& correction : together_)
    for (uint8_t& byte : correction) byte = static_cast<uint8_t>(p_.Below(256));
  for (const PartyId party : {PartyId::kP1, PartyId::kP2}) {
    EvalContext context = p_.Eval(party);
    ShortShares shares(context, dealt_, bytes_);
    for (size_t i = 0; i < widths_.size(); ++i) {
      LaneVector together(n_, widths_[i]), alone(n_, widths_[i]);
      kernels::Unpack(shares.Next(PackedBytes(n_, widths_[i])), RingVector(together));
      LoadDealt(context, dealt_[i], RingVector(alone));
      EXPECT_EQ(together.Values(), alone.Values());
    }
  }
}

}  // namespace
}  // namespace mpcc::protocol
