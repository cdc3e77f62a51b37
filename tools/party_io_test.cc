// SPDX-License-Identifier: Apache-2.0
#include "tools/party_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "runtime/base/status_matchers.h"
#include "runtime/net/test_directory.h"

namespace mpcc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Nested(int depth, const std::string& inner = "7") {
  return std::string(depth, '[') + inner + std::string(depth, ']');
}

std::string Refusal(const std::string& text) {
  return std::string(InputsFromJson(text).status().message());
}

TEST(PartyIo, TakesListsAsDeepAsInputsHaveAxes) {
  const auto inputs = InputsFromJson("{\"x\": " + Nested(8) + "}");
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  EXPECT_THAT(std::get<std::vector<int64_t>>(inputs->at(0).at("x").values), ElementsAre(7));
  EXPECT_TRUE(InputsFromJson(Nested(8)).ok());
}

TEST(PartyIo, RefusesDeeperListsWithoutFollowingThem) {
  for (const int depth : {9, 1000000}) {
    EXPECT_THAT(Refusal("{\"x\": " + Nested(depth) + "}"), HasSubstr("nested deeper than 8"));
    EXPECT_THAT(Refusal(Nested(depth)), HasSubstr("nested deeper than 8"));
    EXPECT_THAT(Refusal(std::string(depth, '[')), HasSubstr("nested deeper than 8"));
  }
}

TEST(PartyIo, RowsOfABatchAreInputsInOrder) {
  const auto inputs = InputsFromJson("{\"ids\": [[1, 2], [3]], \"mask\": [[true, false], [0.5]]}");
  ASSERT_TRUE(inputs.ok()) << inputs.status();
  ASSERT_EQ(inputs->size(), 2u);
  EXPECT_THAT(std::get<std::vector<int64_t>>((*inputs)[0].at("ids").values), ElementsAre(1, 2));
  EXPECT_THAT(std::get<std::vector<int64_t>>((*inputs)[0].at("mask").values), ElementsAre(1, 0));
  EXPECT_THAT(std::get<std::vector<float>>((*inputs)[1].at("mask").values), ElementsAre(0.5f));
}

TEST(PartyIo, RefusesWhatIsNoInput) {
  EXPECT_THAT(Refusal("[1, "), HasSubstr("neither a JSON object nor a list"));
  EXPECT_THAT(Refusal("{\"ids\": [1, \"x\"]}"), HasSubstr("\"ids\" is not a list of numbers"));
  EXPECT_THAT(Refusal("{\"ids\": [[1], [2]], \"mask\": [[1], [1], [1]]}"), HasSubstr("3"));
}

class AnswerFile : public testing::Test {
 protected:
  std::string Text() const {
    auto text = ReadTextFile(path_);
    return text.ok() ? *text : "";
  }

  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/answers";
};

TEST_F(AnswerFile, HasALineForEachInputInOrder) {
  AnswerLines lines(path_);
  Answer answer;
  answer.number = 5;
  lines.Add(answer);
  lines.Add(absl::InvalidArgumentError("no such word"));
  EXPECT_FALSE(std::filesystem::exists(path_));
  ASSERT_TRUE(lines.Finish().ok());
  EXPECT_THAT(Text(), testing::MatchesRegex("\\{\"outputs\".*\"inference\":5.*\n"
                                            "\\{\"error\":\"no such word\"\\}\n"));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(AnswerFile, IsNotMadeWithoutAnAnswer) {
  AnswerLines lines(path_);
  lines.Add(absl::InvalidArgumentError("no such word"));
  EXPECT_TRUE(lines.Finish().ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace mpcc
