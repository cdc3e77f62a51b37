// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/keygen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/base/status_matchers.h"
#include "runtime/net/test_directory.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int Mode(const std::string& path) {
  struct stat info {};
  stat(path.c_str(), &info);
  return info.st_mode & 0777;
}

TEST(Keygen, EveryPartyLoadsItsOwnFiles) {
  TestDirectory directory;
  MPCC_ASSERT_OK_AND_ASSIGN(const auto paths, GenerateKeys({.directory = directory.path()}));
  EXPECT_THAT(paths, SizeIs(7));
  for (const std::string& path : paths) EXPECT_EQ(Mode(path), 0600) << path;
  for (PartyId party : kAllParties) {
    MPCC_ASSERT_OK_AND_ASSIGN(const TlsContext tls,
                              TlsContext::Load(KeyFiles(directory.path(), party)));
    EXPECT_EQ(tls.party(), party);
  }
}

TEST(Keygen, ExistingFileIsKeptUnlessOverwritingIsAskedFor) {
  TestDirectory directory;
  const std::string key = directory.path() + "/party1.key";
  std::ofstream(key) << "precious";
  EXPECT_THAT(GenerateKeys({.directory = directory.path()}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("party1.key' exists")));
  EXPECT_EQ(Content(key), "precious");
  EXPECT_EQ(directory.CountFiles(), 1);
  MPCC_EXPECT_OK(GenerateKeys({.directory = directory.path(), .overwrite = true}));
  EXPECT_THAT(Content(key), HasSubstr("PRIVATE KEY"));
  EXPECT_EQ(directory.CountFiles(), 7);
}

TEST(Keygen, NothingIsLeftWhenOneFileCannotBePlaced) {
  TestDirectory directory;
  std::filesystem::create_directory(directory.path() + "/party2.key");
  EXPECT_THAT(GenerateKeys({.directory = directory.path(), .overwrite = true}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("party2.key")));
  EXPECT_EQ(directory.CountFiles(), 1);
}

TEST(Keygen, MissingDirectoryAndOddLifetimesAreRefused) {
  TestDirectory directory;
  EXPECT_THAT(GenerateKeys({.directory = directory.path() + "/none"}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none/ca.crt")));
  EXPECT_THAT(GenerateKeys({.directory = directory.path(), .valid_days = 0}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0 days")));
  EXPECT_EQ(directory.CountFiles(), 0);
}

TEST(TlsContext, SaysWhichFileIsWrong) {
  TestDirectory directory;
  MPCC_ASSERT_OK(GenerateKeys({.directory = directory.path()}).status());
  const TlsFiles good = KeyFiles(directory.path(), PartyId::kP1);

  TlsFiles files = good;
  files.certificate += ".none";
  EXPECT_THAT(TlsContext::Load(files),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("party1.crt.none")));
  files = good;
  files.private_key = KeyFiles(directory.path(), PartyId::kP2).private_key;
  EXPECT_THAT(TlsContext::Load(files),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not the key of")));
  files = good;
  files.ca_certificate = good.private_key;
  EXPECT_THAT(TlsContext::Load(files),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a ca certificate")));
  files = good;
  files.certificate = good.ca_certificate;
  EXPECT_THAT(TlsContext::Load(files), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TlsContext, KeyOpenToOthersIsRefused) {
  TestDirectory directory;
  MPCC_ASSERT_OK(GenerateKeys({.directory = directory.path()}).status());
  const TlsFiles files = KeyFiles(directory.path(), PartyId::kP1);
  chmod(files.private_key.c_str(), 0640);
  EXPECT_THAT(TlsContext::Load(files),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("chmod 600")));
}

}  // namespace
}  // namespace mpcc
