// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/private_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace mpcc {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

unsigned ModeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

class PrivateFile : public ::testing::Test {
 protected:
  PrivateFile() : directory_(testing::TempDir() + "private_XXXXXX"), umask_(umask(0)) {
    if (!mkdtemp(directory_.data())) ADD_FAILURE() << "cannot create " << directory_;
  }
  ~PrivateFile() override {
    umask(umask_);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  std::string In(const std::string& name) const { return directory_ + "/" + name; }
  absl::Status WriteText(const std::string& path) {
    const std::vector<uint8_t> a = {'o', 'n'}, b = {'e'};
    const std::span<const uint8_t> pieces[] = {a, b};
    return WritePrivateFile(path, pieces);
  }
  static std::string TextOf(const std::string& path) {
    std::ifstream file(path);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  }

  std::string directory_;
  mode_t umask_;
};

TEST_F(PrivateFile, HasItsModeAndContentWhateverWasThere) {
  for (const char* before : {"", "file", "file.part"}) {
    if (*before) {
      std::ofstream(In(before)) << "longer than that";
      ASSERT_EQ(chmod(In(before).c_str(), 0666), 0);
    }
    ASSERT_TRUE(WriteText(In("file")).ok()) << before;
    EXPECT_EQ(TextOf(In("file")), "one") << before;
    EXPECT_EQ(ModeOf(In("file")), 0600u) << before;
    EXPECT_FALSE(fs::exists(In("file.part"))) << before;
  }
}

TEST_F(PrivateFile, DoesNotFollowALinkThatSomebodyLeft) {
  std::ofstream(In("elsewhere")) << "mine";
  fs::create_symlink(In("elsewhere"), In("file.part"));
  fs::create_symlink(In("elsewhere"), In("file"));
  ASSERT_TRUE(WriteText(In("file")).ok());
  EXPECT_EQ(TextOf(In("elsewhere")), "mine");
  EXPECT_FALSE(fs::is_symlink(In("file")));
}

TEST_F(PrivateFile, AnErrorNamesThePath) {
  const absl::Status status = WriteText(In("none/file"));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("none/file"));
}

TEST_F(PrivateFile, DirectoriesAreMadeWithTheirParentsForTheOwnerAlone) {
  ASSERT_TRUE(MakePrivateDirectory(In("a/b/c")).ok());
  for (const char* name : {"a", "a/b", "a/b/c"}) EXPECT_EQ(ModeOf(In(name)), 0700u) << name;
  EXPECT_TRUE(MakePrivateDirectory(In("a/b/c/")).ok());
}

TEST_F(PrivateFile, ADirectoryOpenToOthersIsRefusedAndLeftAlone) {
  for (const mode_t mode : {0755, 0710, 0702}) {
    ASSERT_TRUE(MakePrivateDirectory(In("state")).ok());
    ASSERT_EQ(chmod(In("state").c_str(), mode), 0);
    const absl::Status status = MakePrivateDirectory(In("state"));
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 700"));
    EXPECT_EQ(ModeOf(In("state")), mode);
    ASSERT_EQ(chmod(In("state").c_str(), 0700), 0);
  }
}

TEST_F(PrivateFile, AFolderIsNoFileToRead) {
  EXPECT_THAT(std::string(RefuseFolder(directory_).message()), HasSubstr(": a folder; accepted"));
  EXPECT_TRUE(RefuseFolder(In("none")).ok());
}

TEST_F(PrivateFile, AFileIsNoDirectory) {
  ASSERT_TRUE(WriteText(In("file")).ok());
  EXPECT_FALSE(MakePrivateDirectory(In("file")).ok());
  EXPECT_FALSE(MakePrivateDirectory(In("file/below")).ok());
}

}  // namespace
}  // namespace mpcc
