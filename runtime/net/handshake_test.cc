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

const HandshakeInfo kP1{PartyId::kP1, PartyId::kP2, {1, 2, 3}, "inference 7"};
const HandshakeInfo kP2{PartyId::kP2, PartyId::kP1, {1, 2, 3}, "inference 7"};

// The answer at P1 when the other end offers `theirs`.
absl::Status Meet(const HandshakeInfo& theirs) {
  auto [a, b] = MakeMemoryChannelPair("party P2", "party P1");
  std::thread peer([&, &b = b] { (void)Handshake(*b, theirs); });
  const absl::Status status = Handshake(*a, kP1);
  peer.join();
  return status;
}

TEST(Handshake, EqualOffersMeet) { MPCC_EXPECT_OK(Meet(kP2)); }

TEST(Handshake, CostsOneMessageOf128Bytes) {
  auto [a, b] = MakeMemoryChannelPair();
  std::thread peer([&, &b = b] { MPCC_EXPECT_OK(Handshake(*b, kP2)); });
  MPCC_EXPECT_OK(Handshake(*a, kP1));
  peer.join();
  EXPECT_EQ(a->stats(), (ChannelStats{1, 128, 1, 128}));
}

TEST(Handshake, VersionsThatDifferAreNamed) {
  HandshakeInfo other = kP2;
  other.wire_version = 9;
  EXPECT_THAT(Meet(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    AllOf(HasSubstr("party P2 has wire version '9'"),
                                          HasSubstr("this party has '2'"))));
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
  other.purpose = "inference \x1b";
  EXPECT_THAT(Meet(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    AllOf(HasSubstr("purpose 'inference ?'"),
                                          HasSubstr("this party has 'inference 7'"))));
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
  info.purpose.assign(65, 'x');
  EXPECT_THAT(Handshake(*a, info), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(a->stats(), ChannelStats{});
}

}  // namespace
}  // namespace mpcc
