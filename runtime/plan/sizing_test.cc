// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/sizing.h"

#include <gtest/gtest.h>

namespace mpcc {
namespace {

TEST(ParseRate, TakesANumberASecondMinuteOrHour) {
  EXPECT_DOUBLE_EQ(ParseRate("2/s").value(), 2);
  EXPECT_DOUBLE_EQ(ParseRate("30/min").value(), 0.5);
  EXPECT_DOUBLE_EQ(ParseRate("1.8e3/h").value(), 0.5);
}

TEST(ParseRate, SaysWhatItTakes) {
  for (const char* text : {"", "30", "/s", "0/s", "-1/s", "3 /s", "3/day", "inf/s", "nan/s"}) {
    const auto rate = ParseRate(text);
    ASSERT_EQ(rate.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(rate.status().message().find("30/min"), std::string::npos) << text;
  }
}

InferenceNeeds NeedsOf(int party) {
  InferenceNeeds needs{.party = party, .deal_seconds = 0.25, .service_bytes = 100};
  needs.cost.set_bytes_p1_to_p2(1000);
  needs.cost.set_bytes_p2_to_p1(500);
  needs.cost.set_material_bytes(4000);
  if (party != 0) needs.time = {.compute_seconds = 0.5, .exchange_seconds = 0.75};
  return needs;
}

TEST(SizeFor, LinksAndStockGrowWithTheRate) {
  for (const int party : {0, 1, 2}) {
    const Sizing sizing = SizeFor(NeedsOf(party), 2);
    EXPECT_DOUBLE_EQ(sizing.bits_p1_to_p2, 16'000);
    EXPECT_DOUBLE_EQ(sizing.bits_p2_to_p1, 8'000);
    EXPECT_DOUBLE_EQ(sizing.bits_p0_to_p2, 64'000);
    EXPECT_DOUBLE_EQ(sizing.stock_bytes_of_hour, 28'800'000);
  }
}

TEST(SizeFor, AServiceAnswersOneQuestionAtATime) {
  for (const int party : {1, 2}) {
    EXPECT_EQ(SizeFor(NeedsOf(party), 0.8).services, 1);  // busy all the time
    const Sizing sizing = SizeFor(NeedsOf(party), 2);
    EXPECT_EQ(sizing.services, 3);
    EXPECT_EQ(sizing.memory_bytes, 300);
    EXPECT_DOUBLE_EQ(sizing.cores, 1);
  }
}

TEST(SizeFor, TheModelOwnerDeals) {
  const Sizing sizing = SizeFor(NeedsOf(0), 2);
  EXPECT_EQ(sizing.services, 1);
  EXPECT_DOUBLE_EQ(sizing.cores, 0.5);
}

}  // namespace
}  // namespace mpcc
