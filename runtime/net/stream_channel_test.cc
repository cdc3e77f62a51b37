// SPDX-License-Identifier: Apache-2.0
// What holds for channels over sockets, with and without TLS.
#include "runtime/net/stream_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>
#include <vector>

#include "runtime/base/status_matchers.h"
#include "runtime/net/test_peers.h"

namespace mpcc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

Bytes Pattern(size_t size, uint32_t seed) {
  Bytes bytes(size);
  for (uint8_t& byte : bytes)
    byte = static_cast<uint8_t>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

class StreamChannelTest : public testing::TestWithParam<bool> {
 protected:
  void Connect(const WaitOptions& wait = {}) {
    const bool tls = GetParam();
    IntroducedPair pair = IntroducePair(tls ? &TestTls(PartyId::kP2) : nullptr,
                                        tls ? &TestTls(PartyId::kP1) : nullptr, wait);
    MPCC_ASSERT_OK(pair.at_connector);
    MPCC_ASSERT_OK(pair.at_listener);
    EXPECT_EQ(pair.at_connector->party, PartyId::kP1);
    EXPECT_EQ(pair.at_listener->party, PartyId::kP2);
    p2_ = std::move(pair.at_connector->channel);
    p1_ = std::move(pair.at_listener->channel);
  }

  // Both ends exchange messages of these sizes; 0 is no message.
  void ExpectExchange(size_t from_p1, size_t from_p2) {
    const Bytes a = Pattern(from_p1, 1), b = Pattern(from_p2, 2);
    Bytes at_p1(from_p2), at_p2(from_p1);
    std::thread thread([&] { MPCC_EXPECT_OK(p2_->Exchange(b, at_p2)); });
    MPCC_EXPECT_OK(p1_->Exchange(a, at_p1));
    thread.join();
    EXPECT_EQ(at_p1, b);
    EXPECT_EQ(at_p2, a);
  }

  std::unique_ptr<Channel> p1_, p2_;
};

INSTANTIATE_TEST_SUITE_P(Sockets, StreamChannelTest, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Tls" : "Tcp"; });

TEST_P(StreamChannelTest, ExchangesEverySizeAroundTheRecordLimit) {
  Connect();
  for (size_t size : {1, 4, 16379, 16380, 16381, 16384, 16388, 32768, 100'000}) {
    ExpectExchange(size, size);
    ExpectExchange(size, 1);
    ExpectExchange(0, size);
  }
}

TEST_P(StreamChannelTest, LargeSimultaneousExchangesDoNotDeadlock) {
  Connect();
  for (int i = 0; i < 3; ++i) ExpectExchange(12 << 20, 9 << 20);
  EXPECT_EQ(p1_->stats(), (ChannelStats{3, 3u * (12 << 20), 3, 3u * (9 << 20)}));
}

// Some arrive in one read with what follows, some in the midst of an exchange.
TEST_P(StreamChannelTest, WhatKeepsItAliveIsNoMessage) {
  Connect();
  ExpectExchange(1, 1);  // the handshake
  for (size_t size : {1, 2, 3, 4, 5, 7, 8, 9, 100, 40'000}) {
    for (int times = 0; times < 6; ++times) {
      for (int i = 0; i < times; ++i) MPCC_ASSERT_OK(p1_->KeepAlive());
      ExpectExchange(size, size);
      for (int i = 0; i < times; ++i) MPCC_ASSERT_OK(p2_->KeepAlive());
      ExpectExchange(0, size);
    }
  }
  const ChannelStats before = p1_->stats();
  MPCC_EXPECT_OK(p1_->KeepAlive());
  EXPECT_EQ(p1_->stats(), before);
}

// As many as a message has room for, and more, in one read.
TEST_P(StreamChannelTest, AnyNumberOfThemIsSkipped) {
  Connect();
  ExpectExchange(1, 1);
  for (int i = 0; i < 30'000; ++i) MPCC_ASSERT_OK(p1_->KeepAlive());
  ExpectExchange(50'000, 50'000);
}

TEST_P(StreamChannelTest, NothingKeepsAHandshakeAlive) {
  Connect();
  MPCC_ASSERT_OK(p1_->KeepAlive());
  Bytes four(4);
  EXPECT_THAT(p2_->Recv(four),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("sent a message of 0 bytes")));
}

TEST_P(StreamChannelTest, WaitsOfAnyLengthAreTaken) {
  Connect({.spin = std::chrono::microseconds(0), .peer_timeout = std::chrono::milliseconds::max()});
  ExpectExchange(10, 10);
  std::thread late([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    MPCC_EXPECT_OK(p2_->Send(Bytes(5)));
  });
  Bytes got(5);
  MPCC_EXPECT_OK(p1_->Recv(got));
  late.join();
}

TEST_P(StreamChannelTest, WorksWithoutSpinning) {
  Connect({.spin = std::chrono::microseconds(0)});
  for (int i = 0; i < 100; ++i) ExpectExchange(100 + i, 200 + i);
}

TEST_P(StreamChannelTest, PipelinedMessagesStayApart) {
  Connect();
  for (size_t size = 1; size < 200; ++size) MPCC_ASSERT_OK(p1_->Send(Pattern(size, size)));
  for (size_t size = 1; size < 200; ++size) {
    Bytes got(size);
    MPCC_ASSERT_OK(p2_->Recv(got));
    ASSERT_EQ(got, Pattern(size, size));
  }
}

TEST_P(StreamChannelTest, ClosedPeerIsNamedAtOnceAfterItsLastMessage) {
  Connect();
  MPCC_ASSERT_OK(p1_->Send(Pattern(5, 1)));
  p1_.reset();
  Bytes five(5);
  MPCC_EXPECT_OK(p2_->Recv(five));
  EXPECT_THAT(p2_->Recv(five),
              StatusIs(absl::StatusCode::kUnavailable,
                       AllOf(HasSubstr("party P1 (127.0.0.1:"), HasSubstr("closed the connection"),
                             HasSubstr("after 0 of 5 bytes"))));
}

TEST_P(StreamChannelTest, SendingToAClosedPeerFailsWithoutASignal) {
  Connect();
  p1_.reset();
  const Bytes message = Pattern(1 << 20, 1);
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) status = p2_->Send(message);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("party P1 (127.0.0.1:")));
}

TEST_P(StreamChannelTest, PeerThatLeavesMidExchangeIsNamed) {
  Connect();
  std::thread thread([&] {
    Bytes some(1 << 16);
    MPCC_EXPECT_OK(p1_->Exchange(some, {}));
    p1_.reset();
  });
  Bytes big(8 << 20), some(1 << 16);
  MPCC_EXPECT_OK(p2_->Recv(some));
  EXPECT_THAT(p2_->Exchange(big, big),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("party P1 (127.0.0.1:")));
  thread.join();
}

TEST_P(StreamChannelTest, SilentPeerIsNamed) {
  Connect({.peer_timeout = std::chrono::milliseconds(30)});
  Bytes one(1);
  EXPECT_THAT(p2_->Recv(one),
              StatusIs(absl::StatusCode::kUnavailable, AllOf(HasSubstr("party P1 (127.0.0.1:"),
                                                             HasSubstr("was silent for 30 ms"))));
}

TEST_P(StreamChannelTest, WrongLengthIsNoticedWithoutWaitingForMore) {
  Connect();
  MPCC_ASSERT_OK(p1_->Send(Pattern(3, 1)));
  Bytes four(4);
  EXPECT_THAT(p2_->Recv(four),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("sent a message of 3 bytes where the plan has one of 4")));
}

// Each byte comes in time, all of them do not.
TEST(StreamChannel, AHandshakeHasOneDeadline) {
  MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
  StreamChannel channel("party P2 (test)", MakeTcpStream(std::move(sockets.listener)),
                        {.peer_timeout = std::chrono::milliseconds(100)});
  std::jthread slow([&](const std::stop_token& stop) {
    for (uint8_t byte = 20; !stop.stop_requested(); byte = 0) {
      send(sockets.connector.get(), &byte, 1, MSG_NOSIGNAL);
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
  });
  Bytes twenty(20);
  EXPECT_THAT(channel.Recv(twenty),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("party P2 (test) did not introduce itself in 100 ms")));
}

TEST(StreamChannel, PeerClosingMidMessageSaysHowFarItCame) {
  MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
  StreamChannel channel("party P2 (test)", MakeTcpStream(std::move(sockets.listener)), {});
  const uint8_t part[] = {10, 0, 0, 0, 1, 2, 3};
  ASSERT_EQ(send(sockets.connector.get(), part, sizeof(part), 0), ssize_t{sizeof(part)});
  sockets.connector = UniqueFd();
  Bytes ten(10);
  EXPECT_THAT(channel.Recv(ten),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("party P2 (test) closed the connection after 3 of 10 bytes")));
}

}  // namespace
}  // namespace mpcc
