// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/input_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

using testing::HasSubstr;

TEST(InputJson, IsReadOrDiscarded) {
  EXPECT_EQ((*ParseInputJson(R"({"a": [[1], [2]], "b": 3})"))["a"][1][0], 2);
  EXPECT_TRUE(ParseInputJson("[1, ")->is_discarded());
  EXPECT_TRUE(ParseInputJson("")->is_discarded());
}

TEST(InputJson, NamesThatAreGivenTwiceAreRefused) {
  EXPECT_THAT(ParseInputJson(R"({"a": [1], "b": [2], "a": [1]})").status().message(),
              HasSubstr("input \"a\" is given twice"));
  // Inside of an input they are none.
  EXPECT_TRUE(ParseInputJson(R"({"a": {"b": 1}, "b": {"b": 1}})").ok());
}

TEST(InputJson, ListsAreNestedNoDeeperThanInputs) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseInputJson(nested(8)).ok());
  EXPECT_FALSE(ParseInputJson(nested(9)).ok());
  EXPECT_FALSE(ParseInputJson(nested(1'000'000)).ok());
}

}  // namespace
}  // namespace mpcc
