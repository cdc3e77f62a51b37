// SPDX-License-Identifier: Apache-2.0
// The leak check against an oracle that knows nothing of it: mutants of small safe programs, whose
// views are counted over all seeds, inputs and models. leak-mutations is the longer form.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "runtime/base/status_matchers.h"
#include "test/leak/base_programs.h"
#include "test/leak/trial.h"

namespace mpcc::leak {
namespace {

void ExpectSafe(mlir::MLIRContext& context, std::span<const BaseProgram> programs) {
  for (const BaseProgram& base : programs) {
    SCOPED_TRACE(base.name);
    const auto module = SplitProgram(context, base.text);
    ASSERT_TRUE(module);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, Judge(*module));
    EXPECT_EQ(verdict.leak, "");
    EXPECT_TRUE(verdict.works);
    EXPECT_TRUE(IsAccepted(*module));
  }
}

Trial TrialOf(mlir::MLIRContext& context, std::span<const BaseProgram> programs) {
  Trial trial;
  for (const BaseProgram& base : programs) {
    const auto module = SplitProgram(context, base.text);
    EXPECT_TRUE(module);
    for (const Mutant& mutant : MutantsOf(*module)) trial.Add(mutant);
  }
  fmt::print("{}", trial.Table());
  return trial;
}

TEST(LeakMutation, TheProgramsThatMutantsComeFromAreSafe) {
  mlir::MLIRContext context;
  LoadDialects(context);
  ExpectSafe(context, kBasePrograms);
  ExpectSafe(context, kExactPrograms);
}

// Half of a hidden layer; c times the upper bit of two; the upper bit of three, above two digits; a
// private function of the upper bit of two.
TEST(LeakMutation, ExactFunctionsTellNobodyMore) {
  mlir::MLIRContext context;
  LoadDialects(context);
  for (const char* text : {R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %b = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %h = mpc.linear %x, %w, %b : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %o = mpc.reshare %h : !mpc.add<1x1, 2> -> !mpc.rss<1x1, 2>
  %l = mpc.resize %o : !mpc.rss<1x1, 2> -> !mpc.rss<1x1, 1>
  %q = mpc.high_bits %o {shift = 1 : i64} : !mpc.rss<1x1, 2> -> !mpc.add<1x1, 1>
  %t = mpc.read_bits %l {digits = array<i64: 1>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<1x1, 1> -> !mpc.add<1x1x1, 1>
  %u = mpc.reshape %t : !mpc.add<1x1x1, 1> -> !mpc.add<1x1, 1>
  %y = mpc.sub %q, %u : (!mpc.add<1x1, 1>, !mpc.add<1x1, 1>) -> !mpc.add<1x1, 1>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 1> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})",
                           R"(
func.func @f(%p: tensor<1xi2> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %c = mpc.constant dense<1> : tensor<1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1, 2>
  %x = mpc.input %p : tensor<1xi2> -> !mpc.rss<1, 2>
  %t = mpc.read_bits %x {digits = array<i64: 1, 1>, reads = array<i64: 0, 1>, tables = array<i64: 10, 2>} : !mpc.rss<1, 2> -> !mpc.add<2x1, 1>
  %b = mpc.reshare %t : !mpc.add<2x1, 1> -> !mpc.rss<2x1, 1>
  %y = mpc.from_bits %b const %c {terms = array<i64: 1, 2, 3>, coefficients = array<i64: 1, 1, -2>} : (!mpc.rss<2x1, 1>, !mpc.private<1, 2>) -> !mpc.add<1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1, 2> -> tensor<1xf32>
  return %r : tensor<1xf32>
})",
                           R"(
func.func @f(%p: tensor<1xi3> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %x = mpc.input %p : tensor<1xi3> -> !mpc.rss<1, 3>
  %t = mpc.read_bits %x {digits = array<i64: 1, 1, 1>, reads = array<i64: 0, 1, 1, 2>, tables = array<i64: 10, 2, 4, 2>} : !mpc.rss<1, 3> -> !mpc.add<4x1, 1>
  %b = mpc.reshare %t : !mpc.add<4x1, 1> -> !mpc.rss<4x1, 1>
  %y = mpc.from_bits %b {terms = array<i64: 1, 2, 12>, coefficients = array<i64: 1, 1, 1>} : (!mpc.rss<4x1, 1>) -> !mpc.add<1, 1>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1, 1> -> tensor<1xf32>
  return %r : tensor<1xf32>
})",
                           R"(
func.func @f(%p: tensor<1xi2> {nn.owner = "data"}) -> (tensor<1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %c = mpc.constant dense<1> : tensor<1x2xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x2, 1>
  %x = mpc.input %p : tensor<1xi2> -> !mpc.rss<1, 2>
  %l = mpc.resize %x : !mpc.rss<1, 2> -> !mpc.rss<1, 1>
  %f = mpc.lut_pair %x, %c {shift = 1 : i64} : (!mpc.rss<1, 2>, !mpc.private<1x2, 1>) -> !mpc.add<2x1, 1>
  %t = mpc.read_bits %l {digits = array<i64: 1>, reads = array<i64: 0>, tables = array<i64: 2>} : !mpc.rss<1, 1> -> !mpc.add<1x1, 1>
  %o:2 = mpc.reshare %f, %t : !mpc.add<2x1, 1>, !mpc.add<1x1, 1> -> !mpc.rss<2x1, 1>, !mpc.rss<1x1, 1>
  %b = mpc.concat %o#0, %o#1 {axis = 0 : i64} : (!mpc.rss<2x1, 1>, !mpc.rss<1x1, 1>) -> !mpc.rss<3x1, 1>
  %y = mpc.from_bits %b {terms = array<i64: 1, 5, 6>, coefficients = array<i64: 1, 1, 1>} : (!mpc.rss<3x1, 1>) -> !mpc.add<1, 1>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1, 1> -> tensor<1xf32>
  return %r : tensor<1xf32>
})"}) {
    const auto module = SplitProgram(context, text);
    ASSERT_TRUE(module);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, Judge(*module));
    EXPECT_EQ(verdict.leak, "");
    EXPECT_TRUE(verdict.works);
  }
}

// Two borrows beside each other, and three times one. (A wrap is in invalid.mlir.)
TEST(LeakMutation, WhatTellsOfAMaskIsRefused) {
  mlir::MLIRContext context;
  LoadDialects(context);
  for (const char* text : {R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<2x1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %b0 = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %h = mpc.linear %x, %w, %b0 : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %o = mpc.reshare %h : !mpc.add<1x1, 2> -> !mpc.rss<1x1, 2>
  %a = mpc.read_bits %o {digits = array<i64: 1, 1>, reads = array<i64: 1>, tables = array<i64: 2>} : !mpc.rss<1x1, 2> -> !mpc.add<1x1x1, 1>
  %y = mpc.concat %a, %a {axis = 0 : i64} : (!mpc.add<1x1x1, 1>, !mpc.add<1x1x1, 1>) -> !mpc.add<2x1x1, 1>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<2x1x1, 1> -> tensor<2x1x1xf32>
  return %r : tensor<2x1x1xf32>
})",
                           R"(
func.func @f(%p: tensor<1x1xi2> {nn.owner = "data"}) -> (tensor<1x1xf32> {nn.name = "y"}) attributes {nn.results = ["y"]} {
  %w = mpc.constant dense<1> : tensor<1x1xi8> {mpc.model_part = 0 : i64} : !mpc.private<1x1, 2>
  %x = mpc.input %p : tensor<1x1xi2> -> !mpc.rss<1x1, 2>
  %b0 = mpc.constant dense<1> : tensor<1xi8> {mpc.fixed = 1 : i64} : !mpc.private<1, 2>
  %h = mpc.linear %x, %w, %b0 : (!mpc.rss<1x1, 2>, !mpc.private<1x1, 2>, !mpc.private<1, 2>) -> !mpc.add<1x1, 2>
  %o = mpc.reshare %h : !mpc.add<1x1, 2> -> !mpc.rss<1x1, 2>
  %a = mpc.read_bits %o {digits = array<i64: 1, 1>, reads = array<i64: 1>, tables = array<i64: 2>} : !mpc.rss<1x1, 2> -> !mpc.add<1x1x1, 1>
  %b = mpc.reshare %a : !mpc.add<1x1x1, 1> -> !mpc.rss<1x1x1, 1>
  %y = mpc.from_bits %b {terms = array<i64: 1>, coefficients = array<i64: 3>} : (!mpc.rss<1x1x1, 1>) -> !mpc.add<1x1, 2>
  %r = mpc.reveal %y {fraction_bits = 0 : i64} : !mpc.add<1x1, 2> -> tensor<1x1xf32>
  return %r : tensor<1x1xf32>
})"}) {
    const auto module = SplitProgram(context, text);
    ASSERT_TRUE(module);
    MPCC_ASSERT_OK_AND_ASSIGN(const Verdict verdict, Judge(*module));
    EXPECT_NE(verdict.leak, "");
    EXPECT_FALSE(IsAccepted(*module));
  }
}

TEST(LeakMutation, EveryMutantThatLeaksIsRefusedAndNearlyNoOther) {
  mlir::MLIRContext context;
  LoadDialects(context);
  const Trial trial = TrialOf(context, kBasePrograms);
  EXPECT_THAT(trial.missed, testing::IsEmpty());
  EXPECT_GE(trial.total.all(), 300);
  EXPECT_GE(trial.total.leaks, 100);
  EXPECT_GE(trial.total.sound, 100);
  EXPECT_GE(trial.total.sound_accepted * 10, trial.total.sound * 9);
}

TEST(LeakMutation, EveryMutantOfExactReadsThatLeaksIsRefused) {
  mlir::MLIRContext context;
  LoadDialects(context);
  const Trial trial = TrialOf(context, kExactPrograms);
  EXPECT_THAT(trial.missed, testing::IsEmpty());
  EXPECT_GE(trial.total.leaks, 50);
  EXPECT_GE(trial.total.sound_accepted * 2, trial.total.sound);
}

}  // namespace
}  // namespace mpcc::leak
