// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/input_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

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
              HasSubstr("input \"a\" given twice"));
  // Inside of an input they are none.
  EXPECT_TRUE(ParseInputJson(R"({"a": {"b": 1}, "b": {"b": 1}})").ok());
}

TEST(InputJson, NamesInMessagesAreShortAndHaveNoControls) {
  const std::string name = R"(\u001b[31m\n\u009b)" + std::string(1000, 'x');
  const auto parsed = ParseInputJson("{\"" + name + "\": 1, \"" + name + "\": 1}");
  ASSERT_FALSE(parsed.ok());
  EXPECT_LT(parsed.status().message().size(), 120u);
  for (const char c : parsed.status().message())
    EXPECT_TRUE(c >= ' ' && c <= '~') << static_cast<int>(c);
}

TEST(InputJson, NothingIsNestedDeeperThanInputs) {
  const auto nested = [](int depth, const std::string& open, const std::string& close) {
    std::string left, right;
    for (int i = 0; i < depth; ++i) left += open, right += close;
    return left + "7" + right;
  };
  for (const auto& [open, close] : {std::pair("[", "]"), std::pair("{\"a\": ", "}")}) {
    EXPECT_TRUE(ParseInputJson(nested(8, open, close)).ok());
    EXPECT_FALSE(ParseInputJson(nested(9, open, close)).ok());
    EXPECT_FALSE(ParseInputJson(nested(1'000'000, open, close)).ok());
  }
  EXPECT_TRUE(ParseInputJson("{\"a\": " + nested(8, "[", "]") + "}").ok());
}

}  // namespace
}  // namespace mpcc
