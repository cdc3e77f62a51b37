// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/output_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace mpcc {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class OutputFile : public ::testing::Test {
 protected:
  OutputFile() : directory_(testing::TempDir() + "output_XXXXXX") {
    if (!mkdtemp(directory_.data())) ADD_FAILURE() << "cannot create " << directory_;
  }
  ~OutputFile() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  std::string In(const std::string& name) const { return directory_ + "/" + name; }
  static absl::Status WriteText(const std::string& path) {
    const std::vector<uint8_t> a = {'o', 'n'}, b = {'e'};
    return WriteOutput(path, std::array<std::span<const uint8_t>, 2>{a, b});
  }
  static std::string TextOf(const std::string& path) {
    std::ifstream file(path);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  }
  static std::string Refusal(const absl::Status& status) { return std::string(status.message()); }

  std::string directory_;
};

TEST_F(OutputFile, IsReplacedWhole) {
  for (const char* before : {"", "longer than that"}) {
    if (*before) std::ofstream(In("file")) << before;
    ASSERT_TRUE(CheckOutput(In("file")).ok());
    ASSERT_TRUE(WriteText(In("file")).ok());
    EXPECT_EQ(TextOf(In("file")), "one");
    struct stat info {};
    ASSERT_EQ(stat(In("file").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
  }
}

TEST_F(OutputFile, LinksAreFollowedAlsoToWhatIsNew) {
  fs::create_directory(In("other"));
  for (const bool there : {false, true}) {
    const std::string name = there ? "there" : "new";
    if (there) std::ofstream(In("other/there")) << "older";
    fs::create_symlink("other/" + name, In("near-" + name));
    fs::create_symlink(In("near-" + name), In("far-" + name));
    ASSERT_TRUE(CheckOutput(In("far-" + name)).ok());
    ASSERT_TRUE(WriteText(In("far-" + name)).ok());
    EXPECT_TRUE(fs::is_symlink(In("far-" + name)) && fs::is_symlink(In("near-" + name)));
    EXPECT_FALSE(fs::is_symlink(In("other/" + name)));
    EXPECT_EQ(TextOf(In("other/" + name)), "one");
    EXPECT_EQ(OutputFileOf(In("far-" + name)).value_or(""), In("other/" + name));
  }
  fs::create_symlink("circle", In("circle"));
  EXPECT_THAT(Refusal(WriteText(In("circle"))), HasSubstr("in a circle"));
}

TEST_F(OutputFile, APipeIsWrittenInto) {
  ASSERT_EQ(mkfifo(In("pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", In("link"));
  for (const char* name : {"pipe", "link"}) {
    ASSERT_TRUE(CheckOutput(In(name)).ok());
    // Open at both ends, so that nobody waits for the other.
    const int pipe = open(In("pipe").c_str(), O_RDWR | O_NONBLOCK);
    EXPECT_TRUE(WriteText(In(name)).ok());
    char read[8] = {};
    EXPECT_EQ(::read(pipe, read, sizeof(read)), 3);
    close(pipe);
    EXPECT_TRUE(fs::is_fifo(In("pipe")));
    EXPECT_STREQ(read, "one") << name;
    EXPECT_FALSE(OutputFileOf(In(name)).ok());
  }
}

TEST_F(OutputFile, ADeviceStaysOne) {
  if (mknod(In("null").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0)
    GTEST_SKIP() << "needs root to make a device";
  if (const int fd = open(In("null").c_str(), O_WRONLY); fd >= 0)
    close(fd);
  else
    GTEST_SKIP() << "devices are not opened here";
  EXPECT_TRUE(CheckOutput(In("null")).ok());
  EXPECT_TRUE(WriteText(In("null")).ok());
  EXPECT_TRUE(fs::is_character_file(In("null")));
}

TEST_F(OutputFile, WhatAProcessHasOpenIsAddedTo) {
  const int fd = open(In("file").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_EQ(write(fd, "more ", 5), 5);
  const std::string own = "/proc/self/fd/" + std::to_string(fd);
  fs::create_symlink(own, In("link"));
  EXPECT_TRUE(WriteText(own).ok());
  EXPECT_TRUE(WriteText(In("link")).ok());
  EXPECT_EQ(TextOf(In("file")), "more oneone");
  if (fs::exists("/dev/fd")) {
    fs::create_symlink("/dev/fd/" + std::to_string(fd), In("short"));
    EXPECT_TRUE(WriteText("/dev/fd/" + std::to_string(fd)).ok());
    EXPECT_TRUE(WriteText(In("short")).ok());
    EXPECT_EQ(TextOf(In("file")), "more oneoneoneone");
  }
  close(fd);
}

TEST_F(OutputFile, LinksAndPipesOfOthersAreRefusedWhereOthersMayWrite) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to give files away";
  constexpr uid_t kOther = 65534;
  std::ofstream(In("kept")) << "kept";
  fs::create_directory(In("shared"));
  fs::create_symlink(In("kept"), In("shared/link"));
  fs::create_symlink("shared/link", In("far"));
  ASSERT_EQ(mkfifo(In("shared/pipe").c_str(), 0600), 0);
  const int pipe = open(In("shared/pipe").c_str(), O_RDWR | O_NONBLOCK);
  for (const uid_t owner : {uid_t{0}, kOther}) {
    for (const char* name : {"shared/link", "shared/pipe"})
      ASSERT_EQ(lchown(In(name).c_str(), owner, owner), 0);
    for (const mode_t mode : {01777u, 01755u, 0775u, 0757u, 0755u}) {
      ASSERT_EQ(chmod(In("shared").c_str(), mode), 0);
      for (const char* name : {"shared/link", "shared/pipe", "far"}) {
        const bool trap = owner == kOther && mode != 0755;
        for (const auto& status : {CheckOutput(In(name)), WriteText(In(name))}) {
          // The kernel may refuse to follow the link first.
          EXPECT_EQ(status.ok(), !trap) << name << " " << owner << " " << mode << " " << status;
          if (trap && status.code() != absl::StatusCode::kUnavailable) {
            EXPECT_THAT(Refusal(status), HasSubstr("of another user"));
          }
        }
        EXPECT_TRUE(!trap || TextOf(In("kept")) == "kept");
      }
      std::ofstream(In("kept")) << "kept";
    }
  }
  close(pipe);
}

TEST_F(OutputFile, WhatCannotBeLookedAtIsNoNewFile) {
  std::ofstream(In("file")) << "kept";
  for (const auto& status : {CheckOutput(In("file/in")), WriteText(In("file/in"))}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(Refusal(status), HasSubstr("cannot look"));
  }
}

TEST_F(OutputFile, FoldersAndPlacesThatAreNoneAreRefused) {
  for (const auto& status : {CheckOutput(directory_), WriteText(directory_)})
    EXPECT_THAT(Refusal(status), HasSubstr("a folder is there"));
  for (const auto& status : {CheckOutput(In("none/file")), WriteText(In("none/file"))}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(Refusal(status), HasSubstr("none/file"));
  }
}

}  // namespace
}  // namespace mpcc
