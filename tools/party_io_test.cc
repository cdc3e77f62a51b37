// SPDX-License-Identifier: Apache-2.0
#include "tools/party_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <thread>

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

TEST(PartyIo, RefusesAnInputThatIsGivenTwice) {
  for (const char* text :
       {"{\"x\": [1], \"y\": [2], \"x\": [1]}", "{\"x\": [[1], [2]], \"x\": 3}"}) {
    EXPECT_EQ(Refusal(text), "input \"x\" given twice");
    EXPECT_EQ(RowsFromJson(text).status().message(), "input \"x\" given twice");
  }
  EXPECT_TRUE(InputsFromJson("{\"x\": [1], \"y\": [1]}").ok());
}

TEST(PartyIo, RefusesNumbersThatTheirTypeDoesNotHold) {
  for (const char* number : {"9223372036854775808", "18446744073709551615"})
    EXPECT_THAT(Refusal(std::string("[1, ") + number + "]"),
                HasSubstr(std::string("\"input_ids\" has ") + number));
  for (const char* number : {"1e39", "-1e300", "1e39, 1"})
    EXPECT_THAT(Refusal(std::string("{\"x\": [") + number + "]}"),
                HasSubstr("more than a float of 32 bits holds"));
  EXPECT_FALSE(Refusal("[1e999]").empty());
  const auto least = InputsFromJson("[-9223372036854775808, 9223372036854775807]");
  ASSERT_TRUE(least.ok()) << least.status();
  EXPECT_THAT(std::get<std::vector<int64_t>>(least->at(0).at("input_ids").values),
              ElementsAre(INT64_MIN, INT64_MAX));
}

// A pipe that another thread fills.
class Lines : public testing::Test {
 protected:
  Lines() { EXPECT_EQ(pipe(ends_), 0); }
  void Feed(std::string text) {
    writer_ = std::jthread([this, text = std::move(text)] {
      for (size_t done = 0; done < text.size();)
        done += static_cast<size_t>(write(ends_[1], text.data() + done, text.size() - done));
      close(ends_[1]);
    });
  }
  int ends_[2];
  std::jthread writer_;
};

TEST_F(Lines, AreGivenOneAfterAnotherAlsoTheLastWithoutAnEnd) {
  Feed("a\n\n" + std::string(200'000, 'b') + "\nc");
  LineReader reader(ends_[0]);
  std::string line;
  for (const std::string& expected :
       {std::string("a"), std::string(), std::string(200'000, 'b'), std::string("c")}) {
    ASSERT_TRUE(reader.Next(-1, &line).value());
    EXPECT_EQ(line, expected);
  }
  EXPECT_TRUE(absl::IsOutOfRange(reader.Next(-1, &line).status()));
}

TEST_F(Lines, ThatAreTooLongAreRefusedOnceAndTheNextIsRead) {
  Feed(std::string(3 * LineReader::kLongest, 'x') + "\nnext\n");
  LineReader reader(ends_[0]);
  std::string line;
  EXPECT_THAT(reader.Next(-1, &line).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("longer than 16 MiB")));
  ASSERT_TRUE(reader.Next(-1, &line).value());
  EXPECT_EQ(line, "next");
}

TEST(PartyIo, WritesAnErrorOfAnyBytes) {
  TestDirectory directory;
  AnswerLines lines(directory.path() + "/answers");
  lines.Add(Answer{});
  lines.Add(absl::InvalidArgumentError("cut inside a letter: \xC3"));
  MPCC_EXPECT_OK(lines.Finish());
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

TEST_F(AnswerFile, IsReadWholeAndNoFolder) {
  EXPECT_THAT(
      ReadTextFile(directory_.path()).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(": a folder; accepted: a file")));
}

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
