// SPDX-License-Identifier: Apache-2.0
#include "tools/progress_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tools/party_progress.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// Standard error as a pipe, which is read until the line that is waited for.
class JsonLines : public ::testing::Test {
 protected:
  JsonLines() : before_(dup(STDERR_FILENO)) {
    setenv("MPCC_PROGRESS", "json", 1);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) std::abort();
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    file_ = fdopen(ends[0], "r");
  }
  ~JsonLines() override {
    dup2(before_, STDERR_FILENO);
    close(before_);
    std::fclose(file_);
    unsetenv("MPCC_PROGRESS");
  }

  // Reads up to the line that says "what: part".
  void Until(const std::string& wanted) {
    do {
      std::array<char, 512> line{};
      ASSERT_TRUE(std::fgets(line.data(), line.size(), file_));
      last_ = Json::parse(line.data());
    } while (last_["progress"].get<std::string>() + ": " + last_["part"].get<std::string>() !=
             wanted);
  }

  Json last_;

 private:
  int before_;
  std::FILE* file_;
};

TEST_F(JsonLines, TellWhatChanged) {
  ProgressLine line("compiling");
  line.Say("reading");
  Until("compiling: reading");
  line.Update(3, 10);
  Until("compiling: 3 of 10");
  EXPECT_EQ(last_["done"], 3);
  EXPECT_EQ(last_["all"], 10);
  line.Update(1'500'000, 3'000'000, "bytes");
  Until("compiling: 1.5 of 3.0 MB");
}

TEST_F(JsonLines, BeginWithWhatHasNoParts) {
  const ProgressLine line("waiting for P2");
  Until("waiting for P2: ");
}

TEST_F(JsonLines, AreOfTheInnermostLine) {
  const ProgressLine outer("compiling");
  {
    const ProgressLine inner("calibrating");
    ProgressLine::SayInnermost("seen");
    Until("calibrating: seen");
  }
  ProgressLine::SayInnermost("after");
  Until("compiling: after");
}

TEST_F(JsonLines, OfAPartyAreOneForEachThingUnderWay) {
  const ProgressSink sink = ShowProgress({});
  sink({.what = "set-up", .unit = {}});
  sink({.what = "set-up", .unit = "bytes", .done = 1'000'000, .all = 2'000'000});
  Until("set-up: 1.0 of 2.0 MB");
  sink({});
  sink({.what = "storing", .unit = "inferences", .done = 2});
  Until("storing: 2 inferences");
}

TEST(ProgressLine, WithoutATerminalSaysNothingOfWhatIsSoonOver) {
  testing::internal::CaptureStderr();
  {
    ProgressLine line("compiling");
    line.Say("reading");
  }
  ProgressLine::SayInnermost("nobody hears it");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace mpcc
