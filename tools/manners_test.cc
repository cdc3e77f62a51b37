// SPDX-License-Identifier: Apache-2.0
#include "tools/manners.h"

#include <gmock/gmock.h>

#include <sstream>

#include "mpcc/version.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class MannersTest : public ::testing::Test {
 protected:
  MannersTest() : app_("tries things", "try-it") {
    app_.require_subcommand(1);
    app_.add_option("--plan", plan_, "this party's plan")->required();
    app_.add_subcommand("run", "runs it")->add_flag("--fast", fast_, ".in a hurry");
    AddManners(app_, "try-it");
  }

  // What an argument prints; it ends the program well.
  std::string Printed(const std::string& argument) {
    testing::internal::CaptureStdout();
    int code = -1;
    try {
      app_.parse(argument);
    } catch (const CLI::ParseError& error) {
      code = app_.exit(error);
    }
    EXPECT_EQ(code, 0);
    return testing::internal::GetCapturedStdout();
  }

  // What a command line that does not fit is answered with.
  std::string Refused(const std::string& arguments) {
    std::ostringstream said;
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      EXPECT_NE(app_.exit(error, said, said), 0);
    }
    return said.str();
  }

  CLI::App app_;
  std::string plan_;
  bool fast_ = false;
};

TEST_F(MannersTest, RefusalsAreErrors) {
  EXPECT_THAT(Refused("--plan x run --slow"),
              StartsWith("error: the following argument was not expected: --slow\n"));
  EXPECT_THAT(Refused("run"), StartsWith("error: --plan is required\n"));
}

TEST_F(MannersTest, AWordThatIsNoCommandIsNamed) {
  EXPECT_THAT(Refused("--plan x walk"), StartsWith("error: no command 'walk'; accepted: run\n"));
  EXPECT_THAT(
      Refused("--plan x --fast"),
      StartsWith("error: '--fast' is no option of try-it; accepted: those that --help lists\n"));
  EXPECT_THAT(Refused("--plan x"), StartsWith("error: a subcommand is required\n"));
}

TEST_F(MannersTest, CountsAreToldInFewDigits) {
  int count = 0;
  app_.add_option("--count", count)->check(Counting());
  for (const char* wrong : {"0", "-1", "99999999999", "x"})
    EXPECT_THAT(Refused(std::string("--plan x --count=") + wrong + " run"),
                HasSubstr("not in range 1 to 2147483647"));
}

TEST_F(MannersTest, RealsAreNumbersOfTheirRange) {
  double least = 0;
  app_.add_option("--least", least)->check(RealIn(-1, 1));
  for (const char* wrong : {"nan", "-nan", "inf", "1e999", "1.5", "-2", "x"})
    EXPECT_THAT(Refused(std::string("--plan x --least=") + wrong + " run"),
                StartsWith(std::string("error: --least: '") + wrong +
                           "'; accepted: a number from -1 to 1\n"));
  for (const char* right : {"-1", "0.5", "1"})
    EXPECT_EQ(Refused(std::string("--plan x --least=") + right + " run"), "");
}

TEST_F(MannersTest, TheVersionNeedsNothingElse) {
  EXPECT_EQ(Printed("--version"), std::string("try-it ") + kVersion + "\n");
}

TEST_F(MannersTest, TheManualPageHasWhatHelpSays) {
  const std::string page = Printed("--man");
  EXPECT_THAT(page, HasSubstr(".TH TRY\\-IT 1"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-plan\\fR"));
  EXPECT_THAT(page, HasSubstr("this party's plan"));
  EXPECT_THAT(page, HasSubstr(".SH \"TRY\\-IT RUN\"\nruns it\n"));
  EXPECT_THAT(page, HasSubstr("\n\\&.in a hurry\n"));
}

TEST_F(MannersTest, TheCompletionKnowsCommandsAndTheirOptions) {
  const std::string script = Printed("--completion");
  EXPECT_THAT(script, HasSubstr("local words='run --help --plan"));
  EXPECT_THAT(script, HasSubstr("run) words+=' --help --fast' ;;"));
  EXPECT_THAT(script, HasSubstr("complete -o default -F _try_it try-it\n"));
}

}  // namespace
}  // namespace mpcc
