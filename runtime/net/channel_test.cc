// SPDX-License-Identifier: Apache-2.0
// What holds for channels over memory, and for the wrappers around any channel.
#include "mpcc/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <numeric>
#include <thread>
#include <vector>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_matchers.h"
#include "runtime/net/simulated_channel.h"
#include "runtime/net/tracing_channel.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

Bytes Pattern(size_t size, uint8_t first) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

TEST(MemoryChannel, CarriesMessagesInOrder) {
  auto [a, b] = MakeMemoryChannelPair();
  MPCC_ASSERT_OK(a->Send(Pattern(3, 1)));
  MPCC_ASSERT_OK(a->Send(Pattern(2, 9)));
  Bytes first(3), second(2);
  MPCC_ASSERT_OK(b->Recv(first));
  MPCC_ASSERT_OK(b->Recv(second));
  EXPECT_EQ(first, Pattern(3, 1));
  EXPECT_EQ(second, Pattern(2, 9));
}

TEST(MemoryChannel, ExchangesBetweenTwoThreads) {
  auto [a, b] = MakeMemoryChannelPair();
  const Bytes from_a = Pattern(1 << 20, 1), from_b = Pattern(1 << 19, 2);
  Bytes at_a(from_b.size()), at_b(from_a.size());
  std::thread thread([&, &peer = b] {
    for (int i = 0; i < 10; ++i) MPCC_EXPECT_OK(peer->Exchange(from_b, at_b));
  });
  for (int i = 0; i < 10; ++i) MPCC_EXPECT_OK(a->Exchange(from_a, at_a));
  thread.join();
  EXPECT_EQ(at_a, from_b);
  EXPECT_EQ(at_b, from_a);
}

TEST(MemoryChannel, ClosedPeerIsNamedAfterItsLastMessage) {
  auto [a, b] = MakeMemoryChannelPair("party P2 (memory)");
  MPCC_ASSERT_OK(b->Send(Pattern(1, 1)));
  b.reset();
  Bytes one(1);
  MPCC_EXPECT_OK(a->Recv(one));
  EXPECT_THAT(a->Recv(one), StatusIs(absl::StatusCode::kUnavailable,
                                     HasSubstr("party P2 (memory) closed the connection")));
}

TEST(MemoryChannel, SilentPeerIsNamed) {
  const WaitOptions wait{std::chrono::microseconds(0), std::chrono::milliseconds(5)};
  auto [a, b] = MakeMemoryChannelPair("party P2", "party P1", wait);
  Bytes one(1);
  EXPECT_THAT(a->Recv(one),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("party P2 was silent for 5 ms")));
}

TEST(Channel, CountsPayloadAndIgnoresEmptyMessages) {
  auto [a, b] = MakeMemoryChannelPair();
  MPCC_ASSERT_OK(a->Send({}));
  MPCC_ASSERT_OK(a->Recv({}));
  MPCC_ASSERT_OK(a->Exchange({}, {}));
  EXPECT_EQ(a->stats(), ChannelStats{});
  MPCC_ASSERT_OK(a->Send(Pattern(3, 1)));
  const ChannelStats before = a->stats();
  MPCC_ASSERT_OK(a->Send(Pattern(5, 1)));
  EXPECT_EQ(a->stats(), (ChannelStats{2, 8, 0, 0}));
  EXPECT_EQ(a->stats() - before, (ChannelStats{1, 5, 0, 0}));
  Bytes three(3);
  MPCC_ASSERT_OK(b->Recv(three));
  EXPECT_EQ(b->stats(), (ChannelStats{0, 0, 1, 3}));
}

TEST(Channel, WrongLengthNamesBothAndIsFinal) {
  auto [a, b] = MakeMemoryChannelPair("party P2 (memory)", "party P1 (memory)");
  MPCC_ASSERT_OK(a->Send(Pattern(3, 1)));
  MPCC_ASSERT_OK(a->Send(Pattern(4, 1)));
  Bytes four(4);
  const auto is_wrong_length = StatusIs(
      absl::StatusCode::kDataLoss,
      HasSubstr("party P1 (memory) sent a message of 3 bytes where the plan has one of 4"));
  EXPECT_THAT(b->Recv(four), is_wrong_length);
  EXPECT_THAT(b->Recv(four), is_wrong_length);
  EXPECT_EQ(b->stats(), ChannelStats{});
}

TEST(TracingChannel, ShowsWhatTheOtherEndShows) {
  auto [a, b] = MakeMemoryChannelPair();
  TranscriptHash hash_a, hash_b;
  a = MakeTracingChannel(std::move(a), hash_a.Sink());
  b = MakeTracingChannel(std::move(b), hash_b.Sink());
  Bytes three(3), two(2);
  MPCC_ASSERT_OK(a->Send(Pattern(3, 1)));
  MPCC_ASSERT_OK(b->Exchange(Pattern(2, 7), three));
  MPCC_ASSERT_OK(a->Recv(two));
  EXPECT_EQ(a->stats(), (ChannelStats{1, 3, 1, 2}));
  EXPECT_EQ(hash_a.Take(Direction::kSent), hash_b.Take(Direction::kReceived));
  const Sha256Digest received = hash_a.Take(Direction::kReceived);
  EXPECT_EQ(received, hash_b.Take(Direction::kSent));
  EXPECT_NE(received, Sha256Of({}));
}

TEST(TracingChannel, MessageBoundariesChangeTheHash) {
  auto [a, b] = MakeMemoryChannelPair();
  TranscriptHash hash;
  a = MakeTracingChannel(std::move(a), hash.Sink());
  MPCC_ASSERT_OK(a->Send(Pattern(4, 0)));
  const Sha256Digest whole = hash.Take(Direction::kSent);
  MPCC_ASSERT_OK(a->Send(Pattern(2, 0)));
  MPCC_ASSERT_OK(a->Send(Pattern(2, 2)));
  EXPECT_NE(hash.Take(Direction::kSent), whole);
}

using Seconds = std::chrono::duration<double>;

double SecondsOf(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

// Two ends of a link, for two threads.
std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>> Simulated(SimulatedLink link) {
  auto [a, b] = MakeMemoryChannelPair();
  return {MakeSimulatedChannel(std::move(a), link), MakeSimulatedChannel(std::move(b), link)};
}

// A link may not be faster than what it stands for, however idle the machine is.
TEST(SimulatedChannel, AMessageTakesHalfARoundTripAndItsBytes) {
  auto [a, b] = Simulated({std::chrono::milliseconds(20), 8e6});  // a byte a microsecond
  Bytes message(5000);
  EXPECT_GE(SecondsOf([&, &a = a, &b = b] {
              MPCC_ASSERT_OK(a->Send(Pattern(5000, 3)));
              MPCC_ASSERT_OK(b->Recv(message));
            }),
            0.015);
  EXPECT_EQ(message, Pattern(5000, 3));
  EXPECT_EQ(a->stats(), (ChannelStats{1, 5000, 0, 0}));
  EXPECT_EQ(b->stats(), (ChannelStats{0, 0, 1, 5000}));
}

TEST(SimulatedChannel, MessagesWaitForThoseBeforeThemInTheirDirectionAlone) {
  auto [a, b] = Simulated({std::chrono::milliseconds(2), 8e6});
  Bytes at_a(1000), at_b(1000);
  std::thread thread([&, &peer = b] {
    for (int i = 0; i < 10; ++i) MPCC_EXPECT_OK(peer->Exchange(Pattern(1000, 2), at_b));
  });
  EXPECT_GE(SecondsOf([&, &a = a] {
              for (int i = 0; i < 10; ++i) MPCC_EXPECT_OK(a->Exchange(Pattern(1000, 1), at_a));
            }),
            10 * 0.002);
  thread.join();
  EXPECT_EQ(at_a, Pattern(1000, 2));
  EXPECT_EQ(at_b, Pattern(1000, 1));
}

TEST(SimulatedChannel, ASenderIsAheadByARoundTripAtMost) {
  auto [a, b] = Simulated({std::chrono::milliseconds(1), 8e6});
  EXPECT_GE(SecondsOf([&, &a = a] {
              for (int i = 0; i < 20; ++i) MPCC_EXPECT_OK(a->Send(Pattern(1000, 1)));
            }),
            0.019);
}

// Counts how often it is told that somebody is there.
class CountingChannel : public Channel {
 public:
  explicit CountingChannel(int* count) : Channel("party P2"), count_(count) {}

 protected:
  absl::Status Transfer(std::span<const uint8_t>, std::span<uint8_t>) override {
    return absl::OkStatus();
  }
  absl::Status SendKeepAlive() override {
    ++*count_;
    return absl::OkStatus();
  }

 private:
  int* count_;
};

TEST(SimulatedChannel, TellsThePeerThatItIsThere) {
  int count = 0;
  const auto channel = MakeSimulatedChannel(std::make_unique<CountingChannel>(&count),
                                            {std::chrono::milliseconds(1), 8e6});
  MPCC_EXPECT_OK(channel->KeepAlive());
  EXPECT_EQ(count, 1);
}

TEST(SimulatedChannel, ErrorsAreThoseBelow) {
  auto [a, b] = Simulated({std::chrono::milliseconds(1), 8e6});
  a.reset();
  Bytes one(1);
  EXPECT_THAT(b->Recv(one), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("closed")));
}

}  // namespace
}  // namespace mpcc
