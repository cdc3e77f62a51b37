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

}  // namespace
}  // namespace mpcc
