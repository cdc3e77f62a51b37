// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const HandshakeInfo kP1{PartyId::kP1, PartyId::kP2, {1, 2, 3}, "deal"};
const HandshakeInfo kP2{PartyId::kP2, PartyId::kP1, {1, 2, 3}, "deal"};

// The answer at P1 when the other end offers `theirs`.
absl::Status Meet(const HandshakeInfo& theirs) {
  auto [a, b] = MakeMemoryChannelPair("party P2", "party P1");
  std::thread peer([&, &b = b] { (void)Handshake(*b, theirs); });
  const absl::Status status = Handshake(*a, kP1).status();
  peer.join();
  return status;
}

TEST(Handshake, EqualOffersMeet) { MPCC_EXPECT_OK(Meet(kP2)); }

TEST(Handshake, TellsWhatThePeerHolds) {
  auto [a, b] = MakeMemoryChannelPair();
  HandshakeInfo p1 = kP1, p2 = kP2;
  p1.standing = {{1, 2}, {3, 4}, 5};
  p2.standing.current.fill(0xfe);
  p2.standing.next.fill(0xfd);
  p2.standing.watermark = 0xfedcba9876543210;
  p2.purpose = p1.purpose = std::string(kMaxPurposeBytes, 'x');
  std::thread peer([&, &b = b] { EXPECT_EQ(Handshake(*b, p2).value(), p1.standing); });
  EXPECT_EQ(Handshake(*a, p1).value(), p2.standing);
  peer.join();
}

TEST(Handshake, CostsOneMessageOf128Bytes) {
  auto [a, b] = MakeMemoryChannelPair();
  std::thread peer([&, &b = b] { MPCC_EXPECT_OK(Handshake(*b, kP2).status()); });
  MPCC_EXPECT_OK(Handshake(*a, kP1).status());
  peer.join();
  EXPECT_EQ(a->stats(), (ChannelStats{1, 128, 1, 128}));
}

TEST(Handshake, VersionsThatDifferAreNamed) {
  HandshakeInfo other = kP2;
  other.wire_version = 9;
  EXPECT_THAT(Meet(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    AllOf(HasSubstr("party P2 has wire version '9'"),
                                          HasSubstr("this party has '3'"))));
}

TEST(Handshake, PlansThatDifferAreNamed) {
  HandshakeInfo other = kP2;
  other.plan_set_id[0] = 0xAB;
  EXPECT_THAT(Meet(other),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("plan set 'ab0203"), HasSubstr("this party has '010203"),
                             HasSubstr("plans of one compilation"))));
}

TEST(Handshake, PurposesThatDifferAreNamedInPrintableLetters) {
  HandshakeInfo other = kP2;
  other.purpose = "deal \x1b";
  EXPECT_THAT(Meet(other),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("purpose 'deal ?'"), HasSubstr("this party has 'deal'"))));
}

TEST(Handshake, RolesThatDifferAreNamed) {
  HandshakeInfo other = kP2;
  other.self = PartyId::kP0;
  EXPECT_THAT(Meet(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    AllOf(HasSubstr("'P0 to P1'"), HasSubstr("'P1 to P2'"))));
}

TEST(Handshake, LongPurposeIsRefusedBeforeSending) {
  auto [a, b] = MakeMemoryChannelPair();
  HandshakeInfo info = kP1;
  info.purpose.assign(49, 'x');
  EXPECT_THAT(Handshake(*a, info).status(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(a->stats(), ChannelStats{});
}

}  // namespace
}  // namespace mpcc
