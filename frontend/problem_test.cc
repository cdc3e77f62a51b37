// SPDX-License-Identifier: Apache-2.0
#include "frontend/problem.h"

#include "gmock/gmock.h"

namespace mpcc {
namespace {

using testing::ElementsAre;

Problem Found(const std::string& node, const std::string& found) {
  return {node, "Add", found, "shapes that broadcast", "correct them"};
}

std::string Line(const std::string& head, const std::string& found) {
  return head + ": found " + found + "; accepted: shapes that broadcast; remedy: correct them";
}

TEST(Problem, KindsLeaveNamesAndNumbersAside) {
  const Problems problems = {
      Found("a", "shapes [2, 3] and [-1.5e-3]"), Found("b", "shapes [4] and [1, 2, 3]"),
      Found("c", "input 'x' of int8"), Found("d", "input 'long name' of int8"),
      Found("e", "input 'x' of int4")};
  EXPECT_THAT(Summarize(problems), ElementsAre(Line("'a' (Add) and 1 more", problems[0].found),
                                               Line("'c' (Add) and 1 more", problems[2].found),
                                               Line("'e' (Add)", problems[4].found)));
  EXPECT_EQ(CountText(problems), "5 problems of 3 kinds");
}

TEST(Problem, KindsDifferByOperatorAndRemedy) {
  Problems problems = {Found("a", "it"), Found("b", "it"), Found("c", "it")};
  problems[1].op = "Sub";
  problems[2].remedy = "leave it out";
  EXPECT_EQ(KindsOf(problems).size(), 3u);
  EXPECT_EQ(CountText(problems), "3 problems");
}

// The lengths of a model have their nodes in common.
TEST(Problem, CountsNodesOnce) {
  const Problems problems = {Found("a", "16 tokens"), Found("a", "64 tokens"), Found("b", "16")};
  ASSERT_EQ(KindsOf(problems).size(), 2u);
  EXPECT_EQ(KindsOf(problems)[0].nodes, 1u);
}

TEST(Problem, TextWithoutEndIsNoName) {
  EXPECT_THAT(Summarize({Found("a", "the layer's 3")}),
              ElementsAre(Line("'a' (Add)", "the layer's 3")));
  EXPECT_EQ(KindsOf({Found("a", "the layer's 3"), Found("b", "the layer's 4")}).size(), 1u);
}

}  // namespace
}  // namespace mpcc
