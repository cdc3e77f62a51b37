// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/used_numbers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <thread>

#include "runtime/base/status_matchers.h"
#include "runtime/material/directory_lock.h"
#include "runtime/net/test_directory.h"

namespace mpcc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr uint64_t kMost = ~uint64_t{0};

TEST(SpentNumbers, AreAWatermarkWithGaps) {
  SpentNumbers spent;
  EXPECT_TRUE(spent.Contains(0)) << "it is no number";
  EXPECT_FALSE(spent.Contains(1));
  for (uint64_t number : {1, 2, 9, 5, 4}) spent.Add(number);
  EXPECT_EQ(spent.watermark(), 9u);
  EXPECT_THAT(spent.gaps(), ElementsAre(Pair(3, 3), Pair(6, 8)));
  spent.Add(7);
  spent.Add(3);
  EXPECT_THAT(spent.gaps(), ElementsAre(Pair(6, 6), Pair(8, 8)));
  spent.Add(kMost);
  EXPECT_TRUE(spent.Contains(kMost));
  EXPECT_FALSE(spent.Contains(kMost - 1));
}

TEST(SpentNumbers, AreTheSetOfWhatWasAdded) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    SpentNumbers spent;
    std::set<uint64_t> set{0};
    for (int i = 0; i < 40; ++i) {
      const uint64_t number = 1 + random() % 60;
      spent.Add(number);
      set.insert(number);
      for (uint64_t n = 0; n < 70; ++n) ASSERT_EQ(spent.Contains(n), set.contains(n)) << n;
    }
  }
}

InstanceId Instance(uint8_t n) {
  InstanceId id;
  id.instance.fill(n);
  return id;
}

class UsedNumbersTest : public ::testing::Test {
 protected:
  UsedNumbersTest() { MPCC_EXPECT_OK(UsedNumbers::Create(path_, Instance(1))); }

  std::shared_ptr<UsedNumbers> Open() {
    auto used = UsedNumbers::Open(path_, Instance(1));
    EXPECT_TRUE(used.ok()) << used.status();
    return *used;
  }
  absl::Status Opened() { return UsedNumbers::Open(path_, Instance(1)).status(); }
  std::string Bytes() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Put(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/used";
};

TEST_F(UsedNumbersTest, AreThereAfterTheFileIsOpenedAgain) {
  for (uint64_t number : {3, 1, 7}) {
    const auto used = Open();
    MPCC_EXPECT_OK(used->Mark(number));
    EXPECT_THAT(used->Mark(number), StatusIs(absl::StatusCode::kAlreadyExists));
  }
  const auto used = Open();
  EXPECT_EQ(used->watermark(), 7u);
  EXPECT_EQ(used->Next(), 8u);
  for (uint64_t number : {0, 1, 3, 7}) EXPECT_TRUE(used->Contains(number));
  for (uint64_t number : {2, 4, 5, 6, 8}) EXPECT_FALSE(used->Contains(number));
  MPCC_EXPECT_OK(used->Mark(2));
}

TEST_F(UsedNumbersTest, DoNotGrowWithTheirAge) {
  for (int i = 0; i < 100; ++i) {
    const auto used = Open();
    MPCC_ASSERT_OK(used->Mark(used->Next()));
  }
  Open();
  EXPECT_EQ(Bytes().size(), 80u);
}

TEST_F(UsedNumbersTest, OfAFileThatIsMissingAreNotNew) {
  std::filesystem::remove(path_);
  EXPECT_THAT(Opened(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("the record of spent numbers is missing")));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UsedNumbersTest, OfAnotherInstanceAreRefused) {
  EXPECT_THAT(UsedNumbers::Open(path_, Instance(2)).status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("set up again")));
}

// Two gaps, and the records of three numbers.
TEST_F(UsedNumbersTest, WithABitChangedAreDamagedOrSayTheSame) {
  for (uint64_t number : {2, 7}) MPCC_ASSERT_OK(Open()->Mark(number));
  const auto used = Open();
  for (uint64_t number : {4, 9, 8}) MPCC_ASSERT_OK(used->Mark(number));
  const std::string good = Bytes();
  ASSERT_EQ(good.size(), 80u + 2 * 16 + 3 * 16);
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    Put(bad);
    EXPECT_EQ(Opened().code(), absl::StatusCode::kDataLoss) << "bit " << bit;
  }
}

// What a crash leaves of the last record: its marking had not returned.
TEST_F(UsedNumbersTest, ATornRecordDoesNotCount) {
  MPCC_ASSERT_OK(Open()->Mark(1));
  const auto used = Open();
  MPCC_ASSERT_OK(used->Mark(2));
  const std::string good = Bytes();
  for (size_t torn = 0; torn <= 16; ++torn) {
    Put(good + std::string(torn, '\0'));
    const auto again = Open();
    EXPECT_EQ(again->watermark(), 2u) << torn;
    MPCC_EXPECT_OK(again->Mark(3));
    EXPECT_EQ(Open()->watermark(), 3u) << torn;
  }
  for (size_t cut = 1; cut < 16; ++cut) {
    Put(good.substr(0, good.size() - cut));
    EXPECT_EQ(Open()->watermark(), 1u) << cut;
  }
  for (size_t size = 0; size < 80; ++size) {
    Put(good.substr(0, size));
    EXPECT_EQ(Opened().code(), absl::StatusCode::kDataLoss) << size;
  }
}

TEST_F(UsedNumbersTest, AFileOfOverlappingGapsIsRefused) {
  MPCC_ASSERT_OK(Open()->Mark(9));
  Open();
  std::string bytes = Bytes();
  bytes[40] = 127;  // gaps, more than the file holds
  Put(bytes);
  EXPECT_EQ(Opened().code(), absl::StatusCode::kDataLoss);
}

TEST_F(UsedNumbersTest, AreMarkedOnceByManyThreads) {
  const auto used = Open();
  std::atomic<int> marked = 0;
  {
    const auto mark = [&] {
      for (uint64_t number = 1; number <= 50; ++number) marked += used->Mark(number).ok();
    };
    const std::jthread threads[] = {std::jthread(mark), std::jthread(mark), std::jthread(mark),
                                    std::jthread(mark)};
  }
  EXPECT_EQ(marked, 50);
  EXPECT_EQ(Open()->watermark(), 50u);
}

TEST(DirectoryLock, NamesTheProcessThatHasTheDirectory) {
  TestDirectory directory;
  int ready[2], done[2];
  ASSERT_EQ(pipe(ready) + pipe(done), 0);
  const pid_t other = fork();
  if (other == 0) {
    const auto lock = DirectoryLock::Take(directory.path());
    char c = lock.ok() ? '1' : '0';
    if (write(ready[1], &c, 1) != 1 || read(done[0], &c, 1) != 1) _exit(1);
    _exit(0);
  }
  char c = '0';
  ASSERT_EQ(read(ready[0], &c, 1), 1);
  ASSERT_EQ(c, '1');
  EXPECT_THAT(DirectoryLock::Take(directory.path()).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(fmt::format("process {} works with", other))));
  ASSERT_EQ(write(done[1], &c, 1), 1);
  waitpid(other, nullptr, 0);
  auto mine = DirectoryLock::Take(directory.path());
  MPCC_ASSERT_OK(mine.status());
  EXPECT_THAT(std::string(DirectoryLock::Take(directory.path()).status().message()),
              HasSubstr(fmt::format("process {} works with", getpid())));
  *mine = nullptr;
  MPCC_EXPECT_OK(DirectoryLock::Take(directory.path()).status());
}

}  // namespace
}  // namespace mpcc
