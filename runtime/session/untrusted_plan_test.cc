// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/untrusted_plan.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/engine/test_program.h"
#include "runtime/plan/plan_mutator.h"

namespace mpcc::session {
namespace {

class UntrustedPlan : public ::testing::TestWithParam<int> {
 protected:
  UntrustedPlan() : plans_(engine::EveryOpcodeProgram()), plan_(plans_.plan(GetParam())) {}
  absl::StatusOr<int> Run(const plan::Plan& plan) const {
    return RunUntrustedPlan(plan, plans_.constants(GetParam()));
  }
  TestPlans plans_;
  const plan::Plan plan_;
};

TEST_P(UntrustedPlan, AGoodOneRunsWithArbitraryMessages) {
  const absl::StatusOr<int> ran = Run(plan_);
  ASSERT_TRUE(ran.ok()) << ran.status();
  EXPECT_EQ(*ran, 1);
}

TEST_P(UntrustedPlan, ADamagedOneIsRefusedOrHarmless) {
  std::mt19937_64 random(GetParam());
  int refused = 0, ran = 0;
  for (int i = 0; i < 6000; ++i) {
    plan::Plan plan = plan_;
    for (int changes = i % 3; changes >= 0; --changes) MutatePlan(plan, random);
    MendCosts(plan, plans_.constants(GetParam()));
    const absl::StatusOr<int> runs = Run(plan);
    ASSERT_TRUE(runs.ok() || absl::IsInvalidArgument(runs.status())) << runs.status();
    refused += !runs.ok();
    ran += runs.ok() && *runs == 1 && plan.SerializeAsString() != plan_.SerializeAsString();
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(ran, 300);
}

TEST_P(UntrustedPlan, OneWhoseSlotsWrapAroundIsRefused) {
  plan::Plan plan = plan_;
  plan.mutable_programs(0)->set_slot_bytes(0, UINT64_MAX);
  EXPECT_TRUE(absl::IsInvalidArgument(Run(plan).status()));
}

INSTANTIATE_TEST_SUITE_P(Party, UntrustedPlan, ::testing::Values(0, 1, 2),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace mpcc::session
