// SPDX-License-Identifier: Apache-2.0
// Inferences whose material has many pieces, with little room for it, and parties that go away
// between two pieces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "mpcc/assistant.h"
#include "mpcc/data_owner.h"
#include "mpcc/memory_channel.h"
#include "mpcc/model_owner.h"
#include "runtime/base/pieces.h"
#include "runtime/base/status_matchers.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/test_channel.h"

namespace mpcc::session {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kElements = 24'000;  // 6 pieces of tables
constexpr uint64_t kPieces = 6;

class LargeMaterial : public ::testing::Test {
 protected:
  PartyConfig Config(int party) {
    return {.plan = Plan(*plans_.Load(party)),
            .state_directory = directory_.path() + "/" + std::to_string(party),
            .tells_times = tells_times_,
            .material_window = window_};
  }

  static NamedTensors Question(int64_t shift) {
    std::vector<float> x(kElements);
    for (uint32_t i = 0; i < kElements; ++i) x[i] = static_cast<float>((i + shift) % 128);
    return {{"x", {{kElements}, std::move(x)}}};
  }
  static void ExpectAnswer(const absl::StatusOr<Answer>& answer, int64_t shift) {
    MPCC_ASSERT_OK(answer.status());
    const auto& y = std::get<std::vector<float>>(answer->outputs.at("y").values);
    ASSERT_EQ(y.size(), kElements);
    for (uint32_t i = 0; i < kElements; ++i)
      ASSERT_EQ(static_cast<uint8_t>(static_cast<int>(y[i])), engine::TableEntry((i + shift) % 128))
          << i;
  }

  // A session of all three in which P1 asks so often; the link of P0 to P2, or that of P2 to P1,
  // breaks before its given message.
  std::vector<absl::StatusOr<Answer>> Serve(int count, int p0_lives = kImmortal,
                                            int p2_lives = kImmortal) {
    auto [p1_at_p0, p0_at_p1] = MakeMemoryChannelPair("P1", "P0");
    auto [p2_at_p0, p0_at_p2] = MakeMemoryChannelPair("P2", "P0");
    auto [p2_at_p1, p1_at_p2] = MakeMemoryChannelPair("P2", "P1");
    std::jthread model_owner([&, p1 = std::move(p1_at_p0), p2 = std::move(p2_at_p0)]() mutable {
      status0_ = ModelOwner::Create(Config(0))->Serve(
          std::move(p1), std::make_unique<MortalChannel>(std::move(p2), p0_lives));
    });
    std::jthread assistant([&, p0 = std::move(p0_at_p2), p1 = std::move(p1_at_p2)]() mutable {
      status2_ = Assistant::Create(Config(2))->Serve(
          std::move(p0), std::make_unique<MortalChannel>(std::move(p1), p2_lives));
    });
    return Ask(count,
               DataOwner::Create(Config(1))->Serve(std::move(p0_at_p1), std::move(p2_at_p1)));
  }

  static std::vector<absl::StatusOr<Answer>> Ask(int count,
                                                 absl::StatusOr<InferenceSession> session) {
    std::vector<absl::StatusOr<Answer>> answers;
    if (!session.ok()) return {session.status()};
    for (int i = 0; i < count; ++i) {
      answers.push_back(session->Infer(Question(i)));
      if (!answers.back().ok()) return answers;
    }
    session->End().IgnoreError();
    return answers;
  }

  TestPlans plans_ = engine::TableProgram(kElements);
  TestDirectory directory_;
  bool tells_times_ = false;
  uint64_t window_ = 2 << 20;  // 0: as the plan suggests
  absl::Status status0_, status2_;
};

TEST_F(LargeMaterial, IsServedInPiecesWhateverTheRoom) {
  ASSERT_EQ(PieceCount(plans_.plan(2).programs(0).material_size()), kPieces);
  uint64_t number = 0;
  for (uint64_t mebibytes : {0, 2, 3, 6, 1000}) {
    window_ = mebibytes << 20;
    tells_times_ = mebibytes > 2;
    const auto answers = Serve(3);
    ASSERT_EQ(answers.size(), 3u);
    for (int i = 0; i < 3; ++i) {
      ExpectAnswer(answers[i], i);
      EXPECT_GT(answers[i]->number, number);
      EXPECT_EQ(answers[i]->material_bytes, plans_.plan(2).programs(0).material_size());
      EXPECT_EQ(answers[i]->deal_seconds > 0, tells_times_);
      number = answers[i]->number;
    }
    MPCC_EXPECT_OK(status0_);
    MPCC_EXPECT_OK(status2_);
  }
}

TEST_F(LargeMaterial, IsStoredAndReadInPieces) {
  MPCC_ASSERT_OK(Serve(1)[0].status());  // sets up
  auto [p2_at_p0, p0_at_p2] = MakeMemoryChannelPair("P2", "P0");
  {
    std::jthread dealer([&, p2 = std::move(p2_at_p0)]() mutable {
      MPCC_EXPECT_OK(ModelOwner::Create(Config(0))->Deal(std::move(p2), 0, 2));
    });
    EXPECT_EQ(Assistant::Create(Config(2))->Store(std::move(p0_at_p2)).value(), 2);
  }
  auto [p2_at_p1, p1_at_p2] = MakeMemoryChannelPair("P2", "P1");
  std::jthread assistant([&, p1 = std::move(p1_at_p2)]() mutable {
    MPCC_EXPECT_OK(Assistant::Create(Config(2))->Assist(std::move(p1)));
  });
  const auto answers = Ask(2, DataOwner::Create(Config(1))->Start(std::move(p2_at_p1)));
  for (int i = 0; i < 2; ++i) ExpectAnswer(answers[i], i);
}

// Wherever one of them goes away, the others say so, and the next session has another number.
TEST_F(LargeMaterial, WhoGoesAwayBetweenTwoPiecesEndsTheInferenceAndSpendsItsNumber) {
  MPCC_ASSERT_OK(Serve(1)[0].status());  // sets up
  uint64_t number = 0;
  for (int lives = 2; lives < 24; lives += 3) {
    const auto broken = Serve(1, lives);
    EXPECT_FALSE(broken.back().ok() && status0_.ok()) << lives;
    EXPECT_FALSE(broken.back().ok() && status2_.ok()) << lives;
    const auto answers = Serve(1);
    ExpectAnswer(answers.back(), 0);
    EXPECT_GT(answers.back()->number, number);
    number = answers.back()->number;
  }
}

TEST_F(LargeMaterial, AnAssistantThatGoesAwayInTheInferenceSpendsItsNumber) {
  MPCC_ASSERT_OK(Serve(1)[0].status());  // sets up
  uint64_t number = 0;
  for (int lives = 2; lives < 8; ++lives) {
    EXPECT_FALSE(Serve(1, kImmortal, lives).back().ok()) << lives;
    const auto answers = Serve(1);
    ExpectAnswer(answers.back(), 0);
    EXPECT_GT(answers.back()->number, number);
    number = answers.back()->number;
  }
}

TEST_F(LargeMaterial, ADealerThatGoesAwayBetweenTwoPiecesLeavesNothingInStock) {
  MPCC_ASSERT_OK(Serve(1)[0].status());  // sets up
  for (int lives = 1; lives < 20; lives += 3) {
    auto [p2_at_p0, p0_at_p2] = MakeMemoryChannelPair("P2", "P0");
    {
      std::jthread dealer([&, p2 = std::move(p2_at_p0)]() mutable {
        EXPECT_FALSE(ModelOwner::Create(Config(0))
                         ->Deal(std::make_unique<MortalChannel>(std::move(p2), lives), 0, 1)
                         .ok());
      });
      EXPECT_FALSE(Assistant::Create(Config(2))->Store(std::move(p0_at_p2)).ok()) << lives;
    }
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path() + "/2"))
      EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("material")));
  }
}

}  // namespace
}  // namespace mpcc::session
