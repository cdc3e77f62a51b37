// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mpcc {
namespace {

using testing::ElementsAre;

struct Pair {
  uint16_t a, b;
};

TEST(Bytes, AreThoseOfTheRecord) {
  EXPECT_THAT(BytesOf(uint32_t{0x04030201}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(BytesOf(Pair{0x0201, 0x0403}), ElementsAre(1, 2, 3, 4));
}

TEST(Bytes, AreThoseOfWhatAContainerHolds) {
  EXPECT_THAT(BytesOf(std::vector<uint16_t>{0x0201, 0x0403}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(BytesOf(std::string("ab")), ElementsAre('a', 'b'));
  EXPECT_TRUE(BytesOf(std::vector<Pair>{}).empty());
}

TEST(Bytes, CanBeWritten) {
  Pair pair{};
  MutableBytesOf(pair)[2] = 7;
  EXPECT_EQ(pair.b, 7);
}

TEST(Bytes, UpToEightAreANumberAndNothingBesideThem) {
  const uint8_t from[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  for (int bytes = 1; bytes <= 8; ++bytes) {
    uint64_t number = 0;
    std::memcpy(&number, from, bytes);
    EXPECT_EQ(LoadBytes(from, bytes), number);
    std::vector<uint8_t> to(10, 9), expected = to;
    StoreBytes(0x0807060504030201, &to[1], bytes);
    std::memcpy(&expected[1], from, bytes);
    EXPECT_EQ(to, expected);
  }
}

}  // namespace
}  // namespace mpcc
