// SPDX-License-Identifier: Apache-2.0
// What P0 hears in `serve`: a few words that depend on no value, also if it deals garbage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "mpcc/assistant.h"
#include "mpcc/data_owner.h"
#include "mpcc/memory_channel.h"
#include "mpcc/model_owner.h"
#include "runtime/base/status_matchers.h"
#include "runtime/engine/test_program.h"
#include "runtime/net/test_directory.h"
#include "runtime/session/control.h"

namespace mpcc::session {
namespace {

using Words = std::set<std::string>;

constexpr size_t kHandshakeBytes = 128;

std::string Word(const Control& control) {
  return {reinterpret_cast<const char*>(&control), sizeof(control)};
}

// P0's end: keeps each different message that comes, and damages pieces that go.
class ModelOwnerEnd : public Channel {
 public:
  ModelOwnerEnd(std::unique_ptr<Channel> channel, Words& heard, bool garbage)
      : Channel(channel->peer()), channel_(std::move(channel)), heard_(heard), garbage_(garbage) {}

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    std::vector<uint8_t> sent(send.begin(), send.end());
    const bool piece = sent.size() > sizeof(Control);  // of weights or of material
    if (garbage_ && piece) std::ranges::fill(sent, uint8_t{0x5A});
    const absl::Status status = channel_->Exchange(sent, recv);
    if (status.ok() && !recv.empty() && recv.size() != kHandshakeBytes)
      heard_.emplace(reinterpret_cast<const char*>(recv.data()), recv.size());
    return status;
  }
  absl::Status SendKeepAlive() override { return channel_->KeepAlive(); }

  std::unique_ptr<Channel> channel_;
  Words& heard_;
  bool garbage_;
};

// P1 asks these in one session; what P0 hears from both others.
Words HeardFor(const std::vector<std::vector<int64_t>>& questions, bool garbage) {
  const TestPlans plans = engine::EveryOpcodeProgram();
  const TestDirectory directory;
  const auto config = [&](int party) {
    return PartyConfig{.plan = Plan(*plans.Load(party)),
                       .state_directory = directory.path() + "/" + std::to_string(party)};
  };
  Words heard;
  auto [p1_at_p0, p0_at_p1] = MakeMemoryChannelPair("P1", "P0");
  auto [p2_at_p0, p0_at_p2] = MakeMemoryChannelPair("P2", "P0");
  auto [p2_at_p1, p1_at_p2] = MakeMemoryChannelPair("P2", "P1");
  std::jthread owner([&, to_p1 = std::move(p1_at_p0), to_p2 = std::move(p2_at_p0)]() mutable {
    MPCC_EXPECT_OK(ModelOwner::Create(config(0))->Serve(
        std::make_unique<ModelOwnerEnd>(std::move(to_p1), heard, garbage),
        std::make_unique<ModelOwnerEnd>(std::move(to_p2), heard, garbage)));
  });
  std::jthread assistant([&, to_p0 = std::move(p0_at_p2), to_p1 = std::move(p1_at_p2)]() mutable {
    MPCC_EXPECT_OK(Assistant::Create(config(2))->Serve(std::move(to_p0), std::move(to_p1)));
  });
  auto data_owner = DataOwner::Create(config(1));
  auto session = data_owner->Serve(std::move(p0_at_p1), std::move(p2_at_p1));
  MPCC_EXPECT_OK(session.status());
  for (const std::vector<int64_t>& ids : questions) {
    const auto answer = session->Infer({{"input_ids", {{2}, ids}}});
    EXPECT_EQ(answer.ok(), ids[0] < 5) << answer.status();
  }
  MPCC_EXPECT_OK(session->End());
  owner.join();
  assistant.join();
  return heard;
}

// The last question is refused at P1, of which nobody hears.
TEST(ModelOwnerView, IsOfFewWordsWhateverIsAskedAndDealt) {
  const Words all = {Word({.kind = ControlKind::kDone}), Word({.kind = ControlKind::kDeal}),
                     Word({.kind = ControlKind::kMore}), Word({.kind = ControlKind::kPing}),
                     Word({.kind = ControlKind::kEnd})};
  for (const bool garbage : {false, true})
    for (const auto& questions : std::vector<std::vector<std::vector<int64_t>>>{
             {{0, 0}}, {{4, 3}}, {{1, 2}, {1, 2}, {2, 2}}, {{1, 1}, {7, 0}}}) {
      const Words heard = HeardFor(questions, garbage);
      EXPECT_GE(heard.size(), 3u);
      EXPECT_TRUE(std::ranges::includes(all, heard));
    }
}

}  // namespace
}  // namespace mpcc::session
