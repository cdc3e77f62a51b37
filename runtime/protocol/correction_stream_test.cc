// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/correction_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "runtime/base/status_matchers.h"

namespace mpcc::protocol {
namespace {

using Bytes = std::vector<uint8_t>;

// Part of a whole. Each starts on a multiple of 8, as vectors do.
struct Stretch {
  uint64_t offset, size;
};

std::vector<Stretch> RandomStretches(std::mt19937_64& random, uint64_t* total) {
  std::vector<Stretch> stretches;
  *total = 0;
  for (int i = 0; i < 40; ++i) {
    stretches.push_back({*total, random() % 300});
    *total = (*total + stretches.back().size + 7) / 8 * 8;
  }
  return stretches;
}

Bytes Whole(const MemoryPieces& pieces) {
  Bytes whole;
  for (const SecureBuffer& piece : pieces.pieces())
    whole.insert(whole.end(), piece.data(), piece.data() + piece.size());
  return whole;
}

// What is written when stretch i is filled with i + 1, in pieces of `piece_bytes`.
MemoryPieces Write(const std::vector<Stretch>& stretches, uint64_t total, uint64_t piece_bytes) {
  MemoryPieces pieces;
  CorrectionWriter writer(pieces, piece_bytes);
  for (size_t i = 0; i < stretches.size(); ++i) {
    const auto room = writer.At(stretches[i].offset, stretches[i].size);
    std::ranges::fill(room, static_cast<uint8_t>(i + 1));
  }
  MPCC_EXPECT_OK(writer.Finish(total));
  return pieces;
}

TEST(CorrectionStream, PiecesOfAnySizeHoldTheSameBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 50; ++round) {
    uint64_t total = 0;
    const std::vector<Stretch> stretches = RandomStretches(random, &total);
    const Bytes whole = Whole(Write(stretches, total, 1 << 20));
    ASSERT_EQ(whole.size(), total);
    const uint64_t piece_bytes = 1 + random() % 400;
    MemoryPieces pieces = Write(stretches, total, piece_bytes);
    EXPECT_EQ(Whole(pieces), whole) << "pieces of " << piece_bytes;
    for (size_t i = 0; i + 1 < pieces.pieces().size(); ++i)
      ASSERT_EQ(pieces.pieces()[i].size(), piece_bytes);
    CorrectionReader reader(pieces);
    for (size_t i = 0; i < stretches.size(); ++i)
      EXPECT_THAT(reader.At(stretches[i].offset, stretches[i].size),
                  ::testing::Each(static_cast<uint8_t>(i + 1)));
    MPCC_EXPECT_OK(reader.status());
  }
}

TEST(CorrectionStream, HoldsAPieceHoweverMuchPasses) {
  MemoryPieces pieces;
  CorrectionWriter writer(pieces, 1 << 12);
  for (uint64_t offset = 0; offset < 1 << 20; offset += 64) writer.At(offset, 64);
  EXPECT_LE(writer.held_bytes(), (1u << 12) + (128u << 10));
  MPCC_ASSERT_OK(writer.Finish(1 << 20));
  CorrectionReader reader(pieces);
  for (uint64_t offset = 0; offset + 48 <= 1 << 20; offset += 48) reader.At(offset, 48);
  MPCC_EXPECT_OK(reader.status());
  EXPECT_LE(reader.held_bytes(), 48u);
}

// A sink and a source that fail at once.
class Broken : public PieceSink, public PieceSource {
 public:
  absl::Status Put(std::span<const uint8_t>) override {
    ++calls_;
    return absl::UnavailableError("P2 closed the connection");
  }
  absl::StatusOr<std::span<const uint8_t>> Next() override {
    ++calls_;
    return absl::DataLossError("the file is damaged");
  }
  int calls() const { return calls_; }

 private:
  int calls_ = 0;
};

TEST(CorrectionStream, AWriterRemembersTheFirstErrorAndGoesOn) {
  Broken broken;
  CorrectionWriter writer(broken, 16);
  for (uint64_t offset = 0; offset < 1600; offset += 16)
    EXPECT_EQ(writer.At(offset, 16).size(), 16u);
  EXPECT_EQ(writer.Finish(1600).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(broken.calls(), 1);
}

TEST(CorrectionStream, AReaderRemembersTheFirstErrorAndGivesZeros) {
  Broken broken;
  CorrectionReader reader(broken);
  for (uint64_t offset = 0; offset < 1600; offset += 16)
    EXPECT_THAT(reader.At(offset, 16), ::testing::Each(0));
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(broken.calls(), 1);
}

TEST(CorrectionStream, WhatEndsTooSoonIsAnErrorAndReadsAsZeros) {
  MemoryPieces pieces;
  MPCC_ASSERT_OK(pieces.Put(Bytes(10, 1)));
  MPCC_ASSERT_OK(pieces.Put(Bytes(10, 2)));
  CorrectionReader reader(pieces);
  EXPECT_THAT(reader.At(8, 4), ::testing::ElementsAre(1, 1, 2, 2));
  EXPECT_THAT(reader.At(16, 8), ::testing::Each(0));
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace mpcc::protocol
