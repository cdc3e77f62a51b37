// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/material_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "runtime/net/test_directory.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

InstanceId Instance(uint8_t n) {
  InstanceId id;
  id.plan_set_id.fill(n);
  id.instance.fill(n + 1);
  return id;
}

Material Make(uint64_t number, uint32_t program = 0) {
  Material material{number, program, SecureBuffer(100), 0};
  std::memset(material.storage.data(), static_cast<int>(number), 100);
  return material;
}

class MaterialStoreTest : public ::testing::Test {
 protected:
  MaterialStore Open(uint8_t instance = 1) {
    auto store = MaterialStore::Open(directory_.path(), Instance(instance));
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }
  std::string OnlyMaterial() {
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (entry.path().extension() == ".material") return entry.path().string();
    return "";
  }
  TestDirectory directory_;
};

TEST_F(MaterialStoreTest, TakesWhatWasPutLowestNumberFirst) {
  MaterialStore store = Open();
  ASSERT_TRUE(store.Put(Make(2)).ok());
  ASSERT_TRUE(store.Put(Make(1)).ok());
  auto material = store.Take(0, 100);
  ASSERT_TRUE(material.ok()) << material.status();
  EXPECT_EQ(material->number, 1u);
  EXPECT_EQ(material->corrections()[99], 1);
  EXPECT_THAT(store.Available(0), ElementsAre(2));
}

TEST_F(MaterialStoreTest, AMarkedNumberIsNeverTakenAgainEvenIfItsFileComesBack) {
  {
    MaterialStore store = Open();
    ASSERT_TRUE(store.Put(Make(1)).ok());
  }
  const std::string path = OnlyMaterial(), copy = path + ".copy";
  std::filesystem::copy_file(path, copy);
  {
    MaterialStore store = Open();
    ASSERT_TRUE(store.Take(0, 100).ok());
  }
  std::filesystem::rename(copy, path);
  MaterialStore store = Open();
  EXPECT_EQ(store.Take(0, 100).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store.Put(Make(1)).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(store.MarkUsed(1).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(MaterialStoreTest, AnotherInstanceSeesNothing) {
  {
    MaterialStore store = Open(1);
    ASSERT_TRUE(store.Put(Make(1)).ok());
  }
  EXPECT_THAT(Open(2).Available(0), IsEmpty());
}

TEST_F(MaterialStoreTest, DamageIsFoundAndTheNumberIsSpent) {
  MaterialStore store = Open();
  ASSERT_TRUE(store.Put(Make(1)).ok());
  {
    std::fstream file(OnlyMaterial(), std::ios::in | std::ios::out);
    file.seekp(150);
    file.put('x');
  }
  const auto material = store.Take(0, 100);
  EXPECT_EQ(material.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store.MarkUsed(1).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(MaterialStoreTest, ATornRecordDoesNotCountAndADamagedOneStops) {
  {
    MaterialStore store = Open();
    ASSERT_TRUE(store.MarkUsed(1).ok());
    ASSERT_TRUE(store.MarkUsed(2).ok());
  }
  const std::string path = directory_.path() + "/" + InstanceText(Instance(1)) + ".used";
  std::filesystem::resize_file(path, 24);
  {
    MaterialStore store = Open();
    EXPECT_TRUE(store.MarkUsed(2).ok());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out);
    file.put('x');
  }
  EXPECT_EQ(MaterialStore::Open(directory_.path(), Instance(1)).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(MaterialStoreTest, ADirectoryOpenToOthersIsRefused) {
  std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
  const auto store = MaterialStore::Open(directory_.path(), Instance(1));
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("chmod 700"));
}

TEST_F(MaterialStoreTest, OneProcessAtATimeAndPrivateFiles) {
  MaterialStore store = Open();
  const auto second = MaterialStore::Open(directory_.path(), Instance(1));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another process"));
  ASSERT_TRUE(store.Put(Make(1)).ok());
  struct stat info {};
  ASSERT_EQ(stat(OnlyMaterial().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace mpcc
