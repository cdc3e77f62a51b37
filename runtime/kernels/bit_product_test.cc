// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/bit_product.h"

#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

constexpr int kBits = 5;

std::vector<int> RandomBits(std::mt19937_64& rng) {
  std::vector<int> bits;
  for (int j = 0; j < kBits; ++j)
    if (rng() % 2) bits.push_back(j);
  return bits;
}

BitFactor RandomFactor(std::mt19937_64& rng) {
  BitFactor factor{RandomBits(rng), {}};
  for (uint64_t t = rng() % 4; t > 0; --t) factor.terms.push_back({RandomBits(rng), rng()});
  return factor;
}

// The factor at element i, one after the other.
uint64_t FactorAt(const BitFactor& factor, const std::vector<uint8_t>& planes, size_t n, size_t i) {
  uint64_t sum = 0;
  for (const BitFactor::Term& term : factor.terms) {
    uint64_t product = term.coefficient;
    for (int j : term.bits) product *= planes[j * n + i];
    sum += product;
  }
  for (int j : factor.signs) sum *= 1 - 2 * uint64_t{planes[j * n + i]};
  return sum;
}

template <typename T>
class BitProduct : public ::testing::Test {};
TYPED_TEST_SUITE(BitProduct, AllLanes);

TYPED_TEST(BitProduct, AddsTheShareTimesThePublicFactor) {
  using T = TypeParam;
  std::mt19937_64 rng(4);
  ForEachTarget([&] {
    for (const int l : SomeWidths<T>())
      for (const size_t n : {1, 17, 256, 613}) {
        const auto planes = RandomVector<uint8_t>(rng, kBits * n, 1);
        const auto share = RandomVector<T>(rng, n, l), before = RandomVector<T>(rng, n, l);
        const BitFactor factor = RandomFactor(rng);
        std::vector<T> out = before, alone = before;
        AddBitProduct({View(planes, 1), share.size()}, factor, View(share, l), View(out, l));
        AddBitProduct({View(planes, 1), share.size()}, factor, {}, View(alone, l));
        for (size_t i = 0; i < n; ++i) {
          const uint64_t value = FactorAt(factor, planes, n, i);
          ASSERT_EQ(out[i], Reduce(before[i] + value * share[i], l)) << i;
          ASSERT_EQ(alone[i], Reduce(before[i] + value, l)) << i;
        }
      }
  });
}

}  // namespace
}  // namespace mpcc::kernels
