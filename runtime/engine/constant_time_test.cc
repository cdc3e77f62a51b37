// SPDX-License-Identifier: Apache-2.0
// Under valgrind: a whole inference at P1 and P2, with every opcode, does not depend on what is
// derived from their seeds, nor P2's on its material.
#include <gtest/gtest.h>

#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/for_each_target.h"
#include "runtime/base/secrecy.h"
#include "runtime/engine/run.h"
#include "runtime/engine/test_program.h"
#include "runtime/engine/weights.h"

namespace mpcc::engine {
namespace {

Prg Key(uint8_t number, bool secret) {
  const uint8_t key[16] = {number, 77};
  if (secret) MarkSecret(key);
  return Prg(key);
}

const MemoryPieces& Secret(const MemoryPieces& pieces) {
  for (const SecureBuffer& piece : pieces.pieces()) MarkSecret(piece.span());
  return pieces;
}

// Branches and addresses of P1 and P2 that follow what is secret at the party `watched`.
unsigned FollowedAt(int watched) {
  const TestPlans plans = EveryOpcodeProgram();
  const auto p0 = plans.Load(0), p1 = plans.Load(1), p2 = plans.Load(2);
  MemoryPieces weights, corrections;
  Prg setup = Key(1, false);
  EXPECT_TRUE(DealWeights(**p0, setup, weights).ok());
  EXPECT_TRUE(DealRun(*PreparedPlan::ForModelOwner(*p0), 0)
                  .Deal(Key(2, false), Key(3, false), corrections)
                  .ok());
  const SecureBuffer whole = weights.Whole();
  if (watched == 2) MarkSecret(whole.span()), Secret(corrections);
  const unsigned before = SecretsFollowed();
  DataOwnerRun owner(*PreparedPlan::ForDataOwner(*p1, Key(1, watched == 1)), 0);
  AssistantRun assistant(*PreparedPlan::ForAssistant(*p2, whole.span()), 0);
  auto [to_p2, to_p1] = MakeMemoryChannelPair();
  absl::StatusOr<RunStats> assisted;
  std::thread helping([&, channel = std::move(to_p1)] {
    assisted = assistant.Assist(Key(3, watched == 2), *channel, corrections);
  });
  EXPECT_TRUE(owner.Begin({{"input_ids", {{2}, std::vector<int64_t>{1, 4}}}}).ok());
  EXPECT_TRUE(owner.Finish(Key(2, watched == 1), *to_p2).ok());
  helping.join();
  EXPECT_TRUE(assisted.ok()) << assisted.status();
  const unsigned followed = SecretsFollowed() - before;
  for (const auto& [name, values] : EveryOpcodeAnswer({1, 4}))
    EXPECT_EQ(std::get<std::vector<float>>(owner.outputs().at(name).values).size(), values.size());
  return followed;
}

TEST(AnInference, FollowsNoSecretOfP1OrP2) {
  if (!SecretsAreWatched()) GTEST_SKIP() << "nobody watches: run it under valgrind";
  ForEachTarget([] {
    EXPECT_EQ(FollowedAt(1), 0u) << "P1";
    EXPECT_EQ(FollowedAt(2), 0u) << "P2";
  });
}

// Else nothing would be watched.
TEST(AnInference, WhatASecretKeyGivesIsSecret) {
  if (!SecretsAreWatched()) GTEST_SKIP() << "nobody watches: run it under valgrind";
  uint8_t drawn[16];
  Key(1, true).Fill(7, 0, drawn);
  const unsigned before = SecretsFollowed();
  volatile int taken = 0;
  for (int i = 0; i < (drawn[15] & 3); ++i) taken = taken + i;
  EXPECT_GT(SecretsFollowed(), before);
}

}  // namespace
}  // namespace mpcc::engine
