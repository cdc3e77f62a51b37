// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/network_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpcc {
namespace {

using ::testing::HasSubstr;

TEST(Network, ReadsTimesAndRatesWithTheirUnits) {
  NetworkProfile network;
  ASSERT_TRUE(SetNetwork(network, "rtt=40ms,bw=2.5gbit").ok());
  EXPECT_DOUBLE_EQ(network.round_trip_seconds, 0.04);
  EXPECT_DOUBLE_EQ(network.RoundSeconds(), 0.02);
  EXPECT_DOUBLE_EQ(network.online_bits_per_second, 2.5e9);
}

TEST(Network, KeepsWhatIsNotSaid) {
  NetworkProfile network;
  ASSERT_TRUE(SetNetwork(network, "bw=1kbit").ok());
  EXPECT_EQ(network.round_trip_seconds, NetworkProfile().round_trip_seconds);
  EXPECT_DOUBLE_EQ(network.online_bits_per_second, 1e3);
}

TEST(Network, TheLocalProfileIsTheDefault) {
  NetworkProfile network;
  network.round_trip_seconds = 7;
  ASSERT_TRUE(SetNetwork(network, "local").ok());
  EXPECT_DOUBLE_EQ(network.round_trip_seconds, NetworkProfile().round_trip_seconds);
  EXPECT_DOUBLE_EQ(network.online_bits_per_second, NetworkProfile().online_bits_per_second);
}

TEST(Network, NamedProfilesHaveAWayBetweenThem) {
  NetworkProfile lan, wan;
  ASSERT_TRUE(SetNetwork(lan, "lan").ok());
  ASSERT_TRUE(SetNetwork(wan, "wan").ok());
  EXPECT_LT(lan.round_trip_seconds, wan.round_trip_seconds);
  EXPECT_GT(lan.online_bits_per_second, wan.online_bits_per_second);
}

TEST(Network, RefusesAllElseAndChangesNothing) {
  for (const char* text : {"", "mars", "rtt", "rtt=", "rtt=4", "rtt=4min", "rtt=-1ms", "rtt=0ms",
                           "rtt=nanms", "rtt=infs", "bw=1ms", "bw=1mbit,", "lan,bw=1mbit",
                           "rtt=1ms,up=3mbit", "rtt=1ms rtt=2ms", "bw=1e30gbit"}) {
    NetworkProfile network;
    const absl::Status status = SetNetwork(network, text);
    EXPECT_FALSE(status.ok()) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr("accepted: rtt=<n>us|ms|s")) << text;
    EXPECT_EQ(network.round_trip_seconds, NetworkProfile().round_trip_seconds) << text;
  }
}

TEST(Network, AnUplinkHasARateAlone) {
  NetworkProfile network;
  ASSERT_TRUE(SetUplink(network, "bw=100mbit").ok());
  EXPECT_DOUBLE_EQ(network.offline_bits_per_second, 1e8);
  EXPECT_DOUBLE_EQ(network.online_bits_per_second, NetworkProfile().online_bits_per_second);
  for (const char* text : {"", "wan", "rtt=4ms", "bw=", "bw=4", "bw=1mbit,rtt=1ms", "bw"}) {
    const absl::Status status = SetUplink(network, text);
    EXPECT_THAT(std::string(status.message()), HasSubstr("accepted: bw=<n>kbit")) << text;
    EXPECT_DOUBLE_EQ(network.offline_bits_per_second, 1e8) << text;
  }
}

}  // namespace
}  // namespace mpcc
