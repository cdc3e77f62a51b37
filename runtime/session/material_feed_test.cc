// SPDX-License-Identifier: Apache-2.0
// Material on its way from P0 to P2, with P0's end played by hand.
#include "runtime/session/material_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_macros.h"
#include "runtime/base/status_matchers.h"
#include "runtime/session/piece_transfer.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

// Programs of that many pieces of material, the last one of a few bytes.
plan::Plan PlanOf(const std::vector<uint64_t>& pieces) {
  plan::Plan plan;
  for (uint64_t count : pieces)
    plan.add_programs()->set_material_size((count - 1) * kPieceBytes + 8);
  return plan;
}

// P0 without a run: piece i of number n is filled with 16 n + i.
class Dealer {
 public:
  Dealer(const plan::Plan& plan, std::unique_ptr<Channel> p2)
      : plan_(plan), p2_(std::move(p2)), thread_([this] { status_ = Serve(); }) {}
  absl::Status Join() {
    thread_.join();
    return status_;
  }
  // After so many pieces of all it goes away.
  void DieAfter(uint64_t pieces) { lives_ = pieces; }

  std::atomic<uint64_t> sent = 0;
  std::shared_future<void> held;  // if valid: until then nothing is dealt

 private:
  absl::Status Serve() {
    for (uint64_t number = 1;;) {
      MPCC_ASSIGN_OR_RETURN(const Control request, ReceiveControl(*p2_));
      if (request.kind == ControlKind::kEnd) return absl::OkStatus();
      if (request.kind == ControlKind::kPing) {
        MPCC_RETURN_IF_ERROR(SendControl(*p2_, {.kind = ControlKind::kPing}));
        continue;
      }
      const absl::Status dealt = Deal(request.program, number++);
      if (!dealt.ok() && !absl::IsAborted(dealt)) {
        p2_.reset();
        return dealt;
      }
    }
  }
  absl::Status Deal(uint32_t program, uint64_t number) {
    const uint64_t bytes = plan_.programs(static_cast<int>(program)).material_size();
    if (held.valid()) held.wait();
    MPCC_RETURN_IF_ERROR(SendControl(
        *p2_, {.kind = ControlKind::kDealt, .program = program, .number = number, .bytes = bytes}));
    RequestedPieces pieces(*p2_, {});
    for (uint64_t done = 0; done < bytes; done += kPieceBytes) {
      if (sent == lives_) return absl::DataLossError("killed");
      const std::vector<uint8_t> piece(PieceBytesAt(done, bytes),
                                       static_cast<uint8_t>(16 * number + done / kPieceBytes));
      ++sent;  // before it arrives
      MPCC_RETURN_IF_ERROR(pieces.Put(piece));
    }
    return SendControl(*p2_, {.kind = ControlKind::kDone, .micros = number});
  }

  const plan::Plan& plan_;
  std::unique_ptr<Channel> p2_;
  std::atomic<uint64_t> lives_ = ~uint64_t{0};
  absl::Status status_;
  std::thread thread_;
};

struct FeedAndDealer {
  FeedAndDealer(const std::vector<uint64_t>& pieces, uint64_t window, uint64_t lives = ~uint64_t{0},
                bool ahead = false)
      : plan(PlanOf(pieces)) {
    auto [p2, p0] = MakeMemoryChannelPair("P2", "P0");
    dealer = std::make_unique<Dealer>(plan, std::move(p2));
    dealer->DieAfter(lives);
    feed = std::make_unique<MaterialFeed>(plan, std::move(p0), window, ahead);
  }
  // Uses up what was delivered; whether all is as it was dealt.
  absl::Status Use(const std::shared_ptr<Delivery>& delivery) {
    for (uint64_t i = 0, done = 0; done < delivery->pieces.bytes(); ++i) {
      MPCC_ASSIGN_OR_RETURN(const auto piece, delivery->pieces.Next());
      EXPECT_EQ(piece.size(), PieceBytesAt(done, delivery->pieces.bytes()));
      EXPECT_EQ(piece[0], static_cast<uint8_t>(16 * delivery->of.number + i));
      EXPECT_EQ(piece.back(), piece[0]);
      done += piece.size();
    }
    return delivery->pieces.WaitUntilFinished().status();
  }

  plan::Plan plan;
  std::unique_ptr<Dealer> dealer;
  std::unique_ptr<MaterialFeed> feed;
};

TEST(MaterialFeed, LetsWhoWaitsForItTellOthersSo) {
  FeedAndDealer s({1, 1}, 4);
  std::promise<void> told;
  s.dealer->held = told.get_future().share();
  int times = 0;
  MPCC_EXPECT_OK(s.feed
                     ->Take(1,
                            [&] {
                              if (times++ == 0) told.set_value();
                            })
                     .status());
  EXPECT_GE(times, 1);
  s.feed.reset();
  MPCC_EXPECT_OK(s.dealer->Join());
}

TEST(MaterialFeed, HoldsNoMoreThanItsWindowHoweverLargeTheMaterialIs) {
  for (uint64_t window : {2, 3, 7, 40, 64}) {
    FeedAndDealer s({40}, window);
    for (uint64_t number = 1; number <= 3; ++number) {
      auto delivery = s.feed->Take(0);
      MPCC_ASSERT_OK(delivery.status());
      EXPECT_EQ((*delivery)->of.number, number);
      MPCC_ASSERT_OK(s.Use(*delivery));
      EXPECT_LE((*delivery)->pieces.most_held(), std::min<uint64_t>(window, 40));
      s.feed->Recycle(**delivery);
    }
    s.feed.reset();
    MPCC_EXPECT_OK(s.dealer->Join());
  }
}

TEST(MaterialFeed, FillsItsWindowBeforeAnInferenceBegins) {
  FeedAndDealer s({40}, 5);
  auto delivery = s.feed->Take(0);
  MPCC_ASSERT_OK(delivery.status());
  EXPECT_GE(s.dealer->sent, 5u);
  EXPECT_LE(s.dealer->sent, 6u) << "one is dealt and waits to be asked for";
  s.feed.reset();
  MPCC_EXPECT_OK(s.dealer->Join());
}

// Nobody gives the first one back before the second has come.
TEST(MaterialFeed, FetchesTheNextWhileAnInferenceRuns) {
  FeedAndDealer s({4}, 8, ~uint64_t{0}, /*ahead=*/true);
  auto first = s.feed->Take(0);
  MPCC_ASSERT_OK(first.status());
  auto second = s.feed->Take(0);
  MPCC_ASSERT_OK(second.status());
  EXPECT_EQ((*second)->of.number, (*first)->of.number + 1);
  MPCC_ASSERT_OK(s.Use(*first));
  s.feed->Recycle(**first);
  MPCC_ASSERT_OK(s.Use(*second));
  s.feed.reset();
  MPCC_EXPECT_OK(s.dealer->Join());
}

TEST(MaterialFeed, FetchesNothingAheadWhereTwoHaveNoRoomOrNobodyAskedForIt) {
  for (bool ahead : {false, true}) {
    FeedAndDealer s({4}, ahead ? 7 : 8, ~uint64_t{0}, ahead);
    auto delivery = s.feed->Take(0);
    MPCC_ASSERT_OK(delivery.status());
    MPCC_ASSERT_OK(s.Use(*delivery));
    EXPECT_EQ(s.dealer->sent, 4u);
    s.feed->Recycle(**delivery);
    s.feed.reset();
    MPCC_EXPECT_OK(s.dealer->Join());
  }
}

TEST(MaterialFeed, GivesUpLargeMaterialForAnotherProgram) {
  FeedAndDealer s({40, 3}, 5);
  auto large = s.feed->Take(0);
  MPCC_ASSERT_OK(large.status());
  MPCC_ASSERT_OK(s.Use(*large));
  s.feed->Recycle(**large);  // the next one of program 0 waits for room from now on
  auto small = s.feed->Take(1);
  MPCC_ASSERT_OK(small.status());
  EXPECT_EQ((*small)->of.program, 1u);
  MPCC_ASSERT_OK(s.Use(*small));
  large = s.feed->Take(0);
  MPCC_ASSERT_OK(large.status());
  EXPECT_GT((*large)->of.number, (*small)->of.number) << "what was given up is never used";
  MPCC_ASSERT_OK(s.Use(*large));
  s.feed.reset();
  MPCC_EXPECT_OK(s.dealer->Join());
}

TEST(MaterialFeed, KeepsWhatOtherProgramsHaveWhileThereIsRoom) {
  FeedAndDealer s({2, 3, 4}, 6);
  for (int program : {0, 1, 0}) {
    auto delivery = s.feed->Take(program);
    MPCC_ASSERT_OK(delivery.status());
    MPCC_ASSERT_OK(s.Use(*delivery));
    s.feed->Recycle(**delivery);
  }
  auto delivery = s.feed->Take(2);
  MPCC_ASSERT_OK(delivery.status());
  MPCC_EXPECT_OK(s.Use(*delivery));
  s.feed.reset();
  MPCC_EXPECT_OK(s.dealer->Join());
}

TEST(MaterialFeed, ADealerThatDiesBetweenTwoPiecesFailsTheRunThatNeedsThem) {
  for (uint64_t lives : {0, 1, 3, 6, 8}) {
    FeedAndDealer s({8}, 4, lives);
    auto delivery = s.feed->Take(0);
    const absl::Status used = delivery.ok() ? s.Use(*delivery) : delivery.status();
    if (lives == 8) {
      MPCC_EXPECT_OK(used);
    } else {
      EXPECT_THAT(std::string(used.message()), HasSubstr("P0 closed the connection"));
      EXPECT_FALSE(s.feed->status().ok());
    }
    s.feed.reset();
    s.dealer->Join().IgnoreError();
  }
}

TEST(MaterialFeed, EndsWhileMaterialIsUnderWay) {
  for (uint64_t pieces : {1, 2, 20, 100}) {
    FeedAndDealer s({pieces}, 30);
    s.feed.reset();
    MPCC_EXPECT_OK(s.dealer->Join()) << pieces;
  }
}

}  // namespace
}  // namespace mpcc::session
