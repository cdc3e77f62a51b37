// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/hkdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "runtime/base/status_matchers.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Count(uint8_t from, size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), from);
  return bytes;
}

// RFC 5869, appendix A.1.
TEST(Hkdf, MatchesTheBasicRfcVector) {
  Bytes out(42);
  MPCC_ASSERT_OK(HkdfSha256(Bytes(22, 0x0b), Count(0, 13), Count(0xf0, 10), out));
  EXPECT_EQ(HexString(out),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

// RFC 5869, appendix A.2.
TEST(Hkdf, MatchesTheLongRfcVector) {
  Bytes out(82);
  MPCC_ASSERT_OK(HkdfSha256(Count(0, 80), Count(0x60, 80), Count(0xb0, 80), out));
  EXPECT_EQ(HexString(out),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41"
            "c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
}

// RFC 5869, appendix A.3.
TEST(Hkdf, MatchesTheRfcVectorWithoutSaltAndInfo) {
  Bytes out(42);
  MPCC_ASSERT_OK(HkdfSha256(Bytes(22, 0x0b), {}, {}, out));
  EXPECT_EQ(HexString(out),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, SizesOutOfRangeAreRefused) {
  Bytes none, one(1), much(255 * 32 + 1);
  EXPECT_THAT(HkdfSha256(none, {}, {}, one), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(HkdfSha256(one, {}, {}, none), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(HkdfSha256(one, {}, {}, much), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace mpcc
