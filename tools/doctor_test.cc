// SPDX-License-Identifier: Apache-2.0
#include "tools/doctor.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "runtime/material/directory_lock.h"
#include "runtime/net/endpoint.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class DoctorTest : public ::testing::Test {
 protected:
  DoctorTest() {
    std::string text = (fs::temp_directory_path() / "doctor-XXXXXX").string();
    folder_ = mkdtemp(text.data());
  }
  ~DoctorTest() override { fs::remove_all(folder_); }

  std::string folder_;
};

TEST_F(DoctorTest, TellsWhatThisMachineIs) {
  EXPECT_THAT(ToText(ExamineVersions()), HasSubstr("fine     versions: mpcc "));
  EXPECT_FALSE(AnyWrong(ExamineInstructionSets()));
  EXPECT_FALSE(AnyWrong(ExamineClock()));
}

TEST_F(DoctorTest, LooksAtTheDatesOfCertificates) {
  ASSERT_TRUE(GenerateKeys({.directory = folder_}).ok());
  const Findings year = ExamineKeys(folder_);
  EXPECT_EQ(year.size(), 3u);
  EXPECT_THAT(ToText(year), HasSubstr("party0.crt: valid for 36"));
  ASSERT_TRUE(GenerateKeys({.directory = folder_, .valid_days = 9, .overwrite = true}).ok());
  const Findings days = ExamineKeys(folder_);
  EXPECT_EQ(days.front().verdict, Verdict::kSuspect);
  EXPECT_THAT(ToText(days), HasSubstr("remedy: make the keys of all parties anew"));
}

TEST_F(DoctorTest, RefusesKeysThatOthersMayRead) {
  ASSERT_TRUE(GenerateKeys({.directory = folder_}).ok());
  chmod((folder_ + "/party1.key").c_str(), 0644);
  const Findings found = ExamineKeys(folder_);
  EXPECT_TRUE(AnyWrong(found));
  EXPECT_THAT(ToText(found), HasSubstr("party1.key"));
  EXPECT_TRUE(AnyWrong(ExamineKeys(folder_ + "/none")));
}

TEST_F(DoctorTest, LooksAtStateFolders) {
  EXPECT_FALSE(AnyWrong(ExamineState(folder_)));
  EXPECT_THAT(ToText(ExamineState(folder_ + "/new")), HasSubstr("a set-up makes it"));
  {
    const auto lock = DirectoryLock::Take(folder_);
    ASSERT_TRUE(lock.ok());
    EXPECT_THAT(ToText(ExamineState(folder_)), HasSubstr("stop that one first"));
  }
  chmod(folder_.c_str(), 0755);
  EXPECT_THAT(ToText(ExamineState(folder_)), HasSubstr("remedy: chmod 700"));
  chmod(folder_.c_str(), 0700);
}

TEST_F(DoctorTest, TriesPortsAndNames) {
  const auto taken = Listener::Bind({"127.0.0.1", 0});
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(AnyWrong(ExamineListening(EndpointText(taken->endpoint()))));
  EXPECT_FALSE(AnyWrong(ExamineListening("127.0.0.1:0")));
  EXPECT_FALSE(AnyWrong(ExaminePeer("127.0.0.1:9100")));
  EXPECT_TRUE(AnyWrong(ExaminePeer("no port")));
}

}  // namespace
}  // namespace mpcc
