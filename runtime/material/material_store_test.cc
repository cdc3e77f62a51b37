// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/material_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "runtime/base/status_macros.h"
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

constexpr uint64_t kBytes = 2 * kPieceBytes + 104;  // three pieces

// Piece i of a number's material.
std::vector<uint8_t> Piece(uint64_t number, uint64_t i) {
  return std::vector<uint8_t>(PieceBytesAt(i * kPieceBytes, kBytes),
                              static_cast<uint8_t>(16 * number + i));
}

absl::Status PutPieces(MaterialFileWriter& file, uint64_t number, uint64_t pieces = 3) {
  for (uint64_t i = 0; i < pieces; ++i) MPCC_RETURN_IF_ERROR(file.Put(Piece(number, i)));
  return absl::OkStatus();
}

absl::Status Put(MaterialStore& store, uint64_t number, uint32_t program = 0) {
  MPCC_ASSIGN_OR_RETURN(MaterialFileWriter file, store.Put(program, number, kBytes));
  MPCC_RETURN_IF_ERROR(PutPieces(file, number));
  return file.Commit();
}

// Whole pieces that can be read, and the error that ends them.
struct Read {
  uint64_t pieces = 0;
  absl::Status end;
};

Read ReadAll(absl::StatusOr<StoredMaterial> material) {
  Read read{0, material.status()};
  while (read.end.ok()) {
    const auto piece = material->pieces.Next();
    read.end = piece.status();
    if (!piece.ok()) break;
    EXPECT_TRUE(std::ranges::equal(*piece, Piece(material->number, read.pieces)));
    ++read.pieces;
  }
  return read;
}

class MaterialStoreTest : public ::testing::Test {
 protected:
  MaterialStore Open(uint8_t instance = 1) {
    const std::string path = directory_.path() + "/" + std::to_string(instance) + ".used";
    if (!std::filesystem::exists(path)) {
      EXPECT_TRUE(UsedNumbers::Create(path, Instance(instance)).ok());
    }
    auto used = UsedNumbers::Open(path, Instance(instance));
    EXPECT_TRUE(used.ok()) << used.status();
    auto store = MaterialStore::Open(directory_.path(), Instance(instance), *used);
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
  ASSERT_TRUE(Put(store, 2).ok());
  ASSERT_TRUE(Put(store, 1).ok());
  auto material = store.Take(0, kBytes);
  ASSERT_TRUE(material.ok()) << material.status();
  EXPECT_EQ(material->number, 1u);
  EXPECT_THAT(store.Available(0), ElementsAre(2));
  const Read read = ReadAll(std::move(material));
  EXPECT_EQ(read.pieces, 3u);
  EXPECT_EQ(read.end.code(), absl::StatusCode::kOutOfRange);
}

TEST_F(MaterialStoreTest, AMarkedNumberIsNeverTakenAgainEvenIfItsFileComesBack) {
  {
    MaterialStore store = Open();
    ASSERT_TRUE(Put(store, 1).ok());
  }
  const std::string path = OnlyMaterial(), copy = path + ".copy";
  std::filesystem::copy_file(path, copy);
  {
    MaterialStore store = Open();
    ASSERT_TRUE(store.Take(0, kBytes).ok());
    EXPECT_FALSE(std::filesystem::exists(path)) << "it has no name from then on";
    std::filesystem::copy_file(copy, path);
    EXPECT_EQ(store.Take(0, kBytes).status().code(), absl::StatusCode::kNotFound);
  }
  MaterialStore store = Open();
  EXPECT_FALSE(std::filesystem::exists(path)) << "what is spent is removed";
  EXPECT_EQ(store.Take(0, kBytes).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Put(store, 1).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(store.MarkUsed(1).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(MaterialStoreTest, WhatIsNotCommittedIsNeverThere) {
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (entry.path().extension() != ".used") found.push_back(entry.path().filename().string());
    return found;
  };
  for (uint64_t pieces = 0; pieces <= 3; ++pieces) {
    MaterialStore store = Open();
    auto file = store.Put(0, 1, kBytes);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE(PutPieces(*file, 1, pieces).ok());
    EXPECT_THAT(store.Available(0), IsEmpty());
    EXPECT_EQ(store.Take(0, kBytes).status().code(), absl::StatusCode::kNotFound);
    if (pieces < 3) {
      EXPECT_EQ(file->Commit().code(), absl::StatusCode::kDataLoss);
    }
  }
  EXPECT_THAT(names(), IsEmpty()) << "a writer that goes away takes its file along";
}

// A process that is killed leaves the file as it is.
TEST_F(MaterialStoreTest, WhatAKilledProcessHalfWroteIsRemovedWhenTheStoreIsOpened) {
  for (uint64_t pieces = 0; pieces <= 3; ++pieces) {
    ASSERT_EXIT(
        {
          MaterialStore store = Open();
          auto file = store.Put(0, 1, kBytes);
          PutPieces(*file, 1, pieces).IgnoreError();
          kill(getpid(), SIGKILL);
        },
        ::testing::KilledBySignal(SIGKILL), "");
    const auto count = [&] {
      return std::distance(std::filesystem::directory_iterator(directory_.path()), {});
    };
    EXPECT_EQ(count(), 2) << "numbers, and half a file";
    MaterialStore store = Open();
    EXPECT_EQ(count(), 1);
    EXPECT_THAT(store.Available(0), IsEmpty());
  }
}

TEST_F(MaterialStoreTest, AProcessThatIsKilledBetweenTwoPiecesLeavesTheNumberSpent) {
  for (uint64_t pieces = 0; pieces <= 3; ++pieces) {
    const uint64_t number = pieces + 1;
    ASSERT_EXIT(
        {
          MaterialStore store = Open();
          Put(store, number).IgnoreError();
          auto material = store.Take(0, kBytes);
          for (uint64_t i = 0; i < pieces; ++i) material->pieces.Next().IgnoreError();
          kill(getpid(), SIGKILL);
        },
        ::testing::KilledBySignal(SIGKILL), "");
    MaterialStore store = Open();
    EXPECT_EQ(OnlyMaterial(), "");
    EXPECT_EQ(store.MarkUsed(number).code(), absl::StatusCode::kAlreadyExists);
  }
}

TEST_F(MaterialStoreTest, WhatIsOfAnotherInstanceIsRemoved) {
  {
    MaterialStore store = Open(1);
    ASSERT_TRUE(Put(store, 1).ok());
    auto half = store.Put(0, 2, kBytes);
    ASSERT_TRUE(half.ok());
    std::filesystem::copy_file(OnlyMaterial(), OnlyMaterial() + ".part");
    std::ofstream(directory_.path() + "/notes.txt") << "mine";
    EXPECT_THAT(Open(2).Available(0), IsEmpty());
  }
  EXPECT_THAT(Open(1).Available(0), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(OnlyMaterial() + ".part"));
  EXPECT_TRUE(std::filesystem::exists(directory_.path() + "/notes.txt"));
}

TEST_F(MaterialStoreTest, TheHighestNumberInStockIsKnown) {
  EXPECT_EQ(HighestStored(directory_.path(), Instance(1)), 0u);
  MaterialStore store = Open(1);
  for (uint64_t number : {9, 11, 10}) ASSERT_TRUE(Put(store, number, number % 2).ok());
  EXPECT_EQ(HighestStored(directory_.path(), Instance(1)), 11u);
  EXPECT_EQ(HighestStored(directory_.path(), Instance(2)), 0u);
}

// Bytes of a file: the header, then pieces with their digests.
constexpr uint64_t kHeader = sizeof(MaterialHeader), kStep = kPieceBytes + 32;

TEST_F(MaterialStoreTest, DamageIsFoundBeforeThePieceIsUsedAndTheNumberIsSpent) {
  const struct {
    uint64_t offset, good_pieces;
  } kDamages[] = {{0, 0},
                  {9, 0},
                  {70, 0},
                  {90, 0},
                  {kHeader, 0},
                  {kHeader + kPieceBytes - 1, 0},
                  {kHeader + kPieceBytes, 0},
                  {kHeader + kStep, 1},
                  {kHeader + 2 * kStep, 2},
                  {kHeader + 2 * kStep + 104 + 31, 2}};
  uint64_t number = 0;
  for (const auto& damage : kDamages) {
    MaterialStore store = Open();
    ASSERT_TRUE(Put(store, ++number).ok());
    {
      std::fstream file(OnlyMaterial(), std::ios::in | std::ios::out);
      file.seekg(static_cast<std::streamoff>(damage.offset));
      const char was = static_cast<char>(file.get());
      file.seekp(static_cast<std::streamoff>(damage.offset));
      file.put(static_cast<char>(was ^ 1));
    }
    const Read read = ReadAll(store.Take(0, kBytes));
    EXPECT_EQ(read.end.code(), absl::StatusCode::kDataLoss) << damage.offset;
    EXPECT_THAT(std::string(read.end.message()), HasSubstr("deal again"));
    EXPECT_EQ(read.pieces, damage.good_pieces) << damage.offset;
    EXPECT_EQ(store.MarkUsed(number).code(), absl::StatusCode::kAlreadyExists);
  }
}

TEST_F(MaterialStoreTest, AFileThatEndsAtThePieceOrAnywhereElseIsRefused) {
  const uint64_t all = kHeader + 3 * 32 + kBytes;
  uint64_t number = 0;
  for (uint64_t size :
       {uint64_t{0}, uint64_t{1}, kHeader - 1, kHeader, kHeader + kPieceBytes, kHeader + kStep,
        kHeader + kStep + 1, kHeader + 2 * kStep, all - 1, all + 1}) {
    MaterialStore store = Open();
    ASSERT_TRUE(Put(store, ++number).ok());
    std::filesystem::resize_file(OnlyMaterial(), size);
    const Read read = ReadAll(store.Take(0, kBytes));
    EXPECT_EQ(read.pieces, 0u);
    EXPECT_EQ(read.end.code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_THAT(std::string(read.end.message()), HasSubstr("deal again"));
  }
}

// Pieces that are whole but of other places.
TEST_F(MaterialStoreTest, PiecesThatChangedPlacesAreFound) {
  MaterialStore store = Open();
  ASSERT_TRUE(Put(store, 1).ok());
  const std::string path = OnlyMaterial();
  std::string text(kHeader + 3 * 32 + kBytes, 0);
  std::ifstream(path).read(text.data(), static_cast<std::streamsize>(text.size()));
  std::swap_ranges(&text[kHeader], &text[kHeader + kStep], &text[kHeader + kStep]);
  std::ofstream(path) << text;
  const Read read = ReadAll(store.Take(0, kBytes));
  EXPECT_EQ(read.pieces, 0u);
  EXPECT_EQ(read.end.code(), absl::StatusCode::kDataLoss);
}

TEST_F(MaterialStoreTest, FilesArePrivate) {
  MaterialStore store = Open();
  ASSERT_TRUE(Put(store, 1).ok());
  struct stat info {};
  ASSERT_EQ(stat(OnlyMaterial().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

}  // namespace
}  // namespace mpcc
