// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "runtime/base/status_matchers.h"

namespace mpcc {
namespace {

TEST(Random, TwoDrawsDiffer) {
  std::array<uint8_t, 32> a{}, b{};
  MPCC_ASSERT_OK(FillRandom(a));
  MPCC_ASSERT_OK(FillRandom(b));
  EXPECT_NE(a, b);
}

TEST(Random, SecretHasTheSizeAskedFor) {
  MPCC_ASSERT_OK_AND_ASSIGN(SecureBuffer secret, RandomSecret(48));
  EXPECT_EQ(secret.size(), 48u);
  MPCC_EXPECT_OK(FillRandom({}));
}

}  // namespace
}  // namespace mpcc
