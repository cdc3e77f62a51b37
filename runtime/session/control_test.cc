// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_matchers.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

class ControlMessages : public ::testing::Test {
 protected:
  std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>> ends_ =
      MakeMemoryChannelPair("P2", "P1");
  Channel& p1_ = *ends_.first;
  Channel& p2_ = *ends_.second;
};

TEST_F(ControlMessages, ArriveAsSent) {
  Control sent{.kind = ControlKind::kReady, .program = 3, .number = 1ull << 60, .bytes = 7};
  sent.micros = 11;
  MPCC_ASSERT_OK(SendControl(p1_, sent));
  const auto got = ReceiveControl(p2_, ControlKind::kReady);
  MPCC_ASSERT_OK(got.status());
  EXPECT_EQ(std::memcmp(&sent, &*got, sizeof(Control)), 0);
}

TEST_F(ControlMessages, OfAnotherKindAreDataLoss) {
  MPCC_ASSERT_OK(SendControl(p1_, {.kind = ControlKind::kRun}));
  EXPECT_THAT(
      ReceiveControl(p2_, ControlKind::kDeal).status(),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("P1 sent message 2 where 4 was expected")));
}

TEST_F(ControlMessages, OfOtherSizesAreDataLoss) {
  MPCC_ASSERT_OK(p1_.Send(std::vector<uint8_t>(sizeof(Control) - 1)));
  EXPECT_EQ(ReceiveControl(p2_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ControlMessages, AFailureCarriesItsWords) {
  SendFailure(p1_, absl::InternalError("the disk is full"));
  EXPECT_THAT(ReceiveControl(p2_, ControlKind::kReady).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("P1 gave up: the disk is full")));
}

TEST_F(ControlMessages, AFailureOfManyWordsIsCut) {
  SendFailure(p1_, absl::InternalError(std::string(1000, 'x')));
  EXPECT_EQ(std::string(ReceiveControl(p2_).status().message()),
            "P1 gave up: " + std::string(sizeof(Control::text) - 1, 'x'));
}

TEST_F(ControlMessages, AFailureIsCutBetweenLetters) {
  const size_t room = sizeof(Control::text) - 1;
  SendFailure(p1_, absl::InternalError(std::string(room - 1, 'x') + "\xC3\xA4"));
  EXPECT_EQ(std::string(ReceiveControl(p2_).status().message()),
            "P1 gave up: " + std::string(room - 1, 'x'));
}

TEST_F(ControlMessages, AFailureShowsNoEscapesAndNoFolders) {
  SendFailure(p1_, absl::InternalError("/home/me/state: \x1b[2J\n{\"outputs\"}"));
  EXPECT_EQ(std::string(ReceiveControl(p2_).status().message()),
            "P1 gave up: state: \\x1b[2J\\x0a{\"outputs\"}");
}

TEST_F(ControlMessages, AFailureTellsWhetherAPartyMayComeBack) {
  SendFailure(p1_, absl::UnavailableError("P0 closed the connection"));
  const absl::Status lost = ReceiveControl(p2_).status();
  EXPECT_TRUE(MayComeBack(lost));
  SendFailure(p1_, lost);
  EXPECT_TRUE(MayComeBack(ReceiveControl(p2_).status()));
  SendFailure(p1_, absl::ResourceExhaustedError("no more"));
  const absl::Status done = ReceiveControl(p2_).status();
  EXPECT_TRUE(absl::IsUnavailable(done));
  EXPECT_FALSE(MayComeBack(done));
  SendFailure(p1_, done);
  EXPECT_FALSE(MayComeBack(ReceiveControl(p2_).status()));
}

TEST_F(ControlMessages, OfNoKnownKindAreDataLoss) {
  for (uint32_t kind : {0u, 14u, 4'000'000'000u}) {
    MPCC_ASSERT_OK(SendControl(p1_, {.kind = static_cast<ControlKind>(kind)}));
    EXPECT_EQ(ReceiveControl(p2_).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(ControlMessages, TextWithoutAnEndEndsWithTheMessage) {
  Control endless{.kind = ControlKind::kFailed};
  std::memset(endless.text, 'x', sizeof(endless.text));
  MPCC_ASSERT_OK(SendControl(p1_, endless));
  EXPECT_EQ(std::string(ReceiveControl(p2_).status().message()),
            "P1 gave up: " + std::string(sizeof(Control::text) - 1, 'x'));
}

TEST_F(ControlMessages, AStopIsToldToThePeer) {
  std::stop_source stop;
  MPCC_EXPECT_OK(GiveUpIfStopped(stop.get_token(), p1_));
  EXPECT_EQ(p1_.stats().messages_sent, 0u);
  stop.request_stop();
  EXPECT_EQ(GiveUpIfStopped(stop.get_token(), p1_).code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(std::string(ReceiveControl(p2_).status().message()), HasSubstr("it was stopped"));
}

TEST_F(ControlMessages, PiecesAreMessagesOfBoundedSize) {
  std::vector<uint8_t> sent(2 * kPieceBytes + 1, 5), got(sent.size());
  sent.front() = 1, sent[kPieceBytes - 1] = 2, sent.back() = 3;
  ChannelPieces pieces(p1_);
  for (uint64_t done = 0; done < sent.size(); done += kPieceBytes)
    MPCC_ASSERT_OK(pieces.Put(std::span(sent).subspan(done, PieceBytesAt(done, sent.size()))));
  std::vector<uint64_t> received;
  const auto note = [&](uint64_t bytes) { received.push_back(bytes); };
  MPCC_ASSERT_OK(ReceivePieces(p2_, got, note));
  EXPECT_THAT(received, ::testing::ElementsAre(kPieceBytes, 2 * kPieceBytes, 2 * kPieceBytes + 1));
  EXPECT_TRUE(sent == got);
  EXPECT_EQ(p1_.stats().messages_sent, 3u);
  MPCC_EXPECT_OK(ReceivePieces(p2_, {}, note));
}

}  // namespace
}  // namespace mpcc::session
