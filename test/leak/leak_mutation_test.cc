// SPDX-License-Identifier: Apache-2.0
// The leak check against an oracle that knows nothing of it: mutants of small safe programs, whose
// views are counted over all seeds, inputs and models. leak-mutations is the longer form.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/status_matchers.h"
#include "test/leak/base_programs.h"
#include "test/leak/trial.h"

namespace mpcc::leak {
namespace {

TEST(LeakMutation, TheProgramsThatMutantsComeFromAreSafe) {
  mlir::MLIRContext context;
  LoadDialects(context);
  for (const BaseProgram& base : kBasePrograms) {
    SCOPED_TRACE(base.name);
    const auto module = SplitProgram(context, base.text);
    ASSERT_TRUE(module);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, Judge(*module));
    EXPECT_EQ(verdict.leak, "");
    EXPECT_TRUE(verdict.works);
    EXPECT_TRUE(IsAccepted(*module));
  }
}

TEST(LeakMutation, EveryMutantThatLeaksIsRefusedAndNearlyNoOther) {
  mlir::MLIRContext context;
  LoadDialects(context);
  Trial trial;
  for (const BaseProgram& base : kBasePrograms) {
    const auto module = SplitProgram(context, base.text);
    ASSERT_TRUE(module);
    for (const Mutant& mutant : MutantsOf(*module)) trial.Add(mutant);
  }
  fmt::print("{}", trial.Table());
  EXPECT_THAT(trial.missed, testing::IsEmpty());
  EXPECT_GE(trial.total.all(), 300);
  EXPECT_GE(trial.total.leaks, 100);
  EXPECT_GE(trial.total.sound, 100);
  EXPECT_GE(trial.total.sound_accepted * 10, trial.total.sound * 9);
}

}  // namespace
}  // namespace mpcc::leak
