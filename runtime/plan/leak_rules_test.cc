// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/leak_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/plan/test_plans.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;

// P1's input x in ring and shared form, and a private constant c as a share.
struct Leaky {
  TestPlans plans{4};
  TestValue shared, constant, own;

  static TestPlans::Out Local(uint32_t width, plan::ElementType type = plan::RING) {
    return {plan::LOCAL, width, {4}, type};
  }

  Leaky() {
    const TestValue x =
        plans.Emit1(plan::LOCAL_ARGUMENT, {}, Local(0, plan::F32), {.ints = {0, 0}, .name = "x"});
    own = plans.Emit1(plan::LOCAL_ENCODE, {x}, Local(8), {.ints = {0}});
    shared = plans.Emit1(plan::INPUT_LOCAL, {own}, {plan::ADD, 8, {4}}, {});
    const uint32_t table = plans.RingConstant(0, 8, {4}, {3, 1, 4, 1});
    constant = plans.Emit1(plan::PRODUCT, {}, {plan::ADD, 8, {4}},
                           {.ints = {1, 4}, .streams = 1, .constants = {{{table}, {}, {}}}});
  }

  TestValue Reveal(const TestValue& value) {
    return plans.Emit1(plan::REVEAL, {value}, Local(8), {});
  }
  void Output(const TestValue& value, const std::string& name) {
    plans.Emit(plan::LOCAL_OUTPUT, {value}, {}, {.ints = {0}, .name = name});
  }
  std::string Message(int party) {
    plans.Finish();
    return std::string(plans.Load(party).status().message());
  }
};

TEST(LeakRules, AResultOfP1sInputIsFine) {
  Leaky p;
  p.Output(
      p.Reveal(p.plans.Emit1(plan::ADD_SHARES, {p.shared, p.constant}, {plan::ADD, 8, {4}}, {})),
      "y");
  for (int party = 0; party < 3; ++party) EXPECT_EQ(p.Message(party), "");
}

TEST(LeakRules, P1AndP2RefuseToRevealTheModel) {
  for (int party : {1, 2}) {
    Leaky p;
    p.Output(p.Reveal(p.constant), "y");
    EXPECT_THAT(p.Message(party), HasSubstr("it reveals what does not depend on the input of P1"));
  }
}

TEST(LeakRules, AnInputThatCancelsIsNoInput) {
  for (int party : {1, 2}) {
    Leaky p;
    const TestValue zero =
        p.plans.Emit1(plan::MUL_PUBLIC, {p.shared}, {plan::ADD, 8, {4}}, {.ints = {256}});
    p.Output(p.Reveal(p.plans.Emit1(plan::ADD_SHARES, {p.constant, zero}, {plan::ADD, 8, {4}}, {})),
             "y");
    EXPECT_THAT(p.Message(party), HasSubstr("it reveals what does not depend on the input of P1"));
  }
}

TEST(LeakRules, WhatIsRevealedIsAnOutput) {
  Leaky nobody;
  nobody.Reveal(nobody.shared);
  EXPECT_THAT(nobody.Message(1), HasSubstr("is revealed but is no output"));
  Leaky further;
  const TestValue revealed = further.Reveal(further.shared);
  further.Output(revealed, "y");
  further.plans.Emit1(plan::INPUT_LOCAL, {revealed}, {plan::ADD, 8, {4}}, {});
  EXPECT_THAT(further.Message(1), HasSubstr("it computes with a revealed value"));
}

TEST(LeakRules, WhatIsDecodedIsAnOutputToo) {
  Leaky p;
  const TestValue decoded = p.plans.Emit1(plan::LOCAL_DECODE, {p.Reveal(p.shared)},
                                          Leaky::Local(0, plan::F32), {.ints = {0}});
  p.Output(decoded, "y");
  EXPECT_EQ(p.Message(1), "");
  p.plans.Emit1(plan::LOCAL_ENCODE, {decoded}, Leaky::Local(8), {.ints = {0}});
  EXPECT_THAT(p.Message(1), HasSubstr("it may refuse an input, and P2 would see when"));
}

// Else a P0 that writes the plan makes P1 fail, or not, while others watch.
TEST(LeakRules, WhatMayRefuseAnInputComesBeforeTheFirstMessage) {
  for (const bool exchange : {false, true}) {
    Leaky p;
    if (exchange)
      p.plans.Emit1(plan::RESHARE, {p.shared}, {plan::RSS, 8, {4}}, {.streams = 1});
    else
      p.Reveal(p.shared);
    const TestValue x = p.plans.Emit1(plan::LOCAL_ARGUMENT, {}, Leaky::Local(0, plan::F32),
                                      {.ints = {0, 0}, .name = "late"});
    p.plans.Emit1(plan::LOCAL_ENCODE, {x}, Leaky::Local(8), {.ints = {0}});
    EXPECT_THAT(p.Message(1), HasSubstr("it belongs before the first message"));
  }
}

TEST(LeakRules, OutputsHaveNamesOfTheirOwn) {
  Leaky p;
  p.Output(p.Reveal(p.shared), "y");
  p.Output(p.Reveal(p.shared), "y");
  EXPECT_THAT(p.Message(1), HasSubstr("its output has another's name"));
}

TEST(LeakRules, P1AndP2AreToldWhatRoundsAtRandom) {
  for (int party : {1, 2})
    for (const bool window : {false, true}) {
      Leaky p;
      TestValue rounded = p.plans.Emit1(plan::EXTRACT, {p.shared}, {plan::ADD, 4, {4}}, {});
      if (window) {
        const uint32_t table = p.plans.RingConstant(0, 4, {1, 4}, {3, 1, 4, 1});
        const TestValue open =
            p.plans.Emit1(plan::RESHARE, {p.shared}, {plan::RSS, 8, {4}}, {.streams = 1});
        rounded = p.plans.Emit1(plan::LUT, {open}, {plan::ADD, 4, {4}},
                                {.ints = {2, 6}, .streams = 1, .constants = {{{table}, {}, {}}}});
      }
      p.Output(p.plans.Emit1(plan::REVEAL, {rounded}, Leaky::Local(4), {}), "y");
      EXPECT_EQ(p.Message(party), "");
      p.plans.plan(party).clear_disclosures();
      EXPECT_THAT(std::string(p.plans.Load(party).status().message()),
                  HasSubstr("it rounds at random, and no disclosure of 'rounding-coins' says so"));
    }
}

TEST(LeakRules, WhatLeavesNothingBelowIsExact) {
  Leaky p;
  const TestValue same = p.plans.Emit1(plan::EXTRACT, {p.shared}, {plan::ADD, 8, {4}}, {});
  p.Output(p.Reveal(same), "y");
  EXPECT_EQ(p.Message(1), "");
  EXPECT_EQ(p.plans.plan(1).disclosures_size(), 0);
}

TEST(LeakRules, ProgramsOfOnePlanHaveTheSameOutputs) {
  Leaky p;
  p.Output(p.Reveal(p.shared), "y");
  p.plans.Finish();
  plan::Plan& plan = p.plans.plan(1);
  *plan.add_programs() = plan.programs(0);
  plan.mutable_programs(1)->set_sequence_length(8);
  EXPECT_TRUE(p.plans.Load(1).ok());
  plan.mutable_programs(1)->mutable_steps()->rbegin()->set_name("z");
  EXPECT_THAT(std::string(p.plans.Load(1).status().message()),
              HasSubstr("the program of 8 tokens has other outputs than that of 4"));
}

}  // namespace
}  // namespace mpcc
