// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sha256.h"

#include <gtest/gtest.h>

#include <vector>

namespace mpcc {
namespace {

const std::vector<uint8_t> kAbc{'a', 'b', 'c'};
constexpr char kAbcDigest[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, MatchesTheFipsVectors) {
  EXPECT_EQ(HexString(Sha256Of(kAbc)), kAbcDigest);
  EXPECT_EQ(HexString(Sha256Of({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, PiecesHashLikeTheWhole) {
  Sha256 hash;
  const std::vector<uint8_t> piece(1000, 'a');
  for (int i = 0; i < 1000; ++i) hash.Update(piece);
  EXPECT_EQ(HexString(hash.Finish()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, FinishStartsAgain) {
  Sha256 hash;
  hash.Update(std::vector<uint8_t>{1, 2});
  hash.Finish();
  hash.Update(kAbc);
  EXPECT_EQ(HexString(hash.Finish()), kAbcDigest);
}

}  // namespace
}  // namespace mpcc
