// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/scales.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mpcc::quantize {
namespace {

std::vector<float> Normal(size_t count, float outlier) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> sample(count);
  for (float& x : sample) x = normal(random);
  sample.back() = outlier;
  return sample;
}

TEST(Scales, AnEvenRangeIsUsedWhole) {
  std::vector<float> sample;
  for (int i = 0; i <= 255; ++i) sample.push_back(0.25f * static_cast<float>(i - 55));
  const Scale scale = AffineScale(sample);
  EXPECT_FLOAT_EQ(scale.scale, 0.25f);
  EXPECT_EQ(scale.zero, 55);
}

TEST(Scales, TheRangeHoldsZero) {
  EXPECT_EQ(AffineScale({3, 4, 5}).zero, 0);
  EXPECT_EQ(AffineScale({-3, -4, -5}).zero, 255);
}

TEST(Scales, ALoneOutlierIsClippedByManyValuesAlone) {
  const float many = SymmetricScale(Normal(200000, 30)).scale * 127;
  EXPECT_LT(many, 15);
  EXPECT_GT(many, 3);
  EXPECT_NEAR(SymmetricScale({0.1f, -0.2f, 30}).scale * 127, 30, 0.1);
}

TEST(Scales, NothingAndZerosHaveAScale) {
  for (const std::vector<float>& sample : {std::vector<float>(), std::vector<float>(9, 0.0f)}) {
    EXPECT_EQ(AffineScale(sample).scale, 1);
    EXPECT_EQ(SymmetricScale(sample).scale, 1);
  }
}

}  // namespace
}  // namespace mpcc::quantize
