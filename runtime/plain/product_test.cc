// SPDX-License-Identifier: Apache-2.0
#include "runtime/plain/product.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "runtime/base/for_each_target.h"

namespace mpcc::plain {
namespace {

using testing::ElementsAre;

// As the header says it; `volatile` rounds each product.
void Reference(const std::vector<float>& a, const std::vector<float>& b, std::vector<double>& c,
               int64_t m, int64_t k) {
  const int64_t n = m > 0 ? static_cast<int64_t>(c.size()) / m : 0;
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      for (int64_t begin = 0; begin < k; begin += 128) {
        volatile float sum = 0;
        for (int64_t p = begin; p < std::min(begin + 128, k); ++p) {
          const volatile float term = a[i * k + p] * b[p * n + j];
          sum = sum + term;
        }
        c[i * n + j] += sum;
      }
    }
  }
}

std::vector<float> Random(std::mt19937_64& random, int64_t count) {
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  std::generate(values.begin(), values.end(), [&] { return normal(random); });
  return values;
}

TEST(Product, IsTheSameNumberOnEveryInstructionSet) {
  ForEachTarget([] {
    std::mt19937_64 random(1);
    for (const int64_t m : {0, 1, 2, 3, 5, 8, 13}) {
      for (const int64_t n : {0, 1, 7, 8, 16, 31, 33, 70}) {
        for (const int64_t k : {0, 1, 5, 127, 128, 129, 300}) {
          SCOPED_TRACE(testing::Message() << m << " x " << k << " x " << n);
          const auto a = Random(random, m * k), b = Random(random, k * n);
          std::vector<double> found(m * n, 0.5), expected = found;
          AccumulateProduct(a.data(), b.data(), found, m, k);
          Reference(a, b, expected, m, k);
          ASSERT_EQ(found, expected);
        }
      }
    }
  });
}

TEST(Product, OfIntegersOfEightBitsIsExact) {
  ForEachTarget([] {
    constexpr int64_t kTerms = 1000;
    const std::vector<float> a(kTerms, 255), b(kTerms, -128);
    std::vector<double> sum(1, 1);
    AccumulateProduct(a.data(), b.data(), sum, 1, kTerms);
    EXPECT_THAT(sum, ElementsAre(1 - 255.0 * 128 * kTerms));
  });
}

TEST(Product, TransposesMatrices) {
  const std::vector<float> in = {1, 2, 3, 4, 5, 6};
  std::vector<float> out(in.size());
  TransposeMatrix(in.data(), out.data(), 2, 3);
  EXPECT_THAT(out, ElementsAre(1, 4, 2, 5, 3, 6));
}

}  // namespace
}  // namespace mpcc::plain
