// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/bit_product.h"

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/packed_bits.h"

namespace mpcc::kernels {
namespace {

constexpr int kBits = 5;

struct RandomFactor {
  explicit RandomFactor(std::mt19937_64& rng) : signs(rng() % (1 << kBits)) {
    for (uint64_t t = rng() % 4; t > 0; --t) terms.push_back({rng() % (1 << kBits), rng()});
  }
  operator BitFactor() const { return {signs, terms}; }  // NOLINT: a view

  uint64_t signs;
  std::vector<BitFactor::Term> terms;
};

// Random planes, bit by bit and packed.
struct Planes {
  Planes(std::mt19937_64& rng, size_t n)
      : bits(RandomVector<uint8_t>(rng, kBits * n, 1)), packed(PackedBytes(bits.size(), 1)), n(n) {
    Pack(View(std::as_const(bits), 1), BitVector(packed.data(), bits.size()));
  }
  operator BitPlanes() const { return {{packed.data(), bits.size()}, n}; }  // NOLINT: a view

  std::vector<uint8_t> bits, packed;
  size_t n;
};

// The factor at element i, one after the other.
uint64_t FactorAt(const BitFactor& factor, const Planes& planes, size_t i) {
  uint64_t sum = 0;
  for (const BitFactor::Term& term : factor.terms) {
    uint64_t product = term.coefficient;
    ForBits(term.bits, [&](int j) { product *= planes.bits[j * planes.n + i]; });
    sum += product;
  }
  ForBits(factor.signs, [&](int j) { sum *= 1 - 2 * uint64_t{planes.bits[j * planes.n + i]}; });
  return sum;
}

template <typename T>
class BitProductInLanes : public ::testing::Test {};
TYPED_TEST_SUITE(BitProductInLanes, AllLanes);

TYPED_TEST(BitProductInLanes, AddsTheShareTimesThePublicFactor) {
  using T = TypeParam;
  std::mt19937_64 rng(4);
  ForEachTarget([&] {
    for (const int l : SomeWidths<T>())
      for (const size_t n : {1, 17, 512, 1301}) {
        const Planes planes(rng, n);
        const auto share = RandomVector<T>(rng, n, l), before = RandomVector<T>(rng, n, l);
        const RandomFactor factor(rng);
        std::vector<T> out = before, alone = before;
        AddBitProduct(planes, factor, View(share, l), View(out, l));
        AddBitProduct(planes, factor, ConstRingVector(), View(alone, l));
        for (size_t i = 0; i < n; ++i) {
          const uint64_t value = FactorAt(factor, planes, i);
          ASSERT_EQ(out[i], Reduce(before[i] + value * share[i], l)) << i;
          ASSERT_EQ(alone[i], Reduce(before[i] + value, l)) << i;
        }
      }
  });
}

void ExpectTheSameModuloTwo(std::mt19937_64& rng, size_t n, int offset) {
  const Planes planes(rng, n);
  const auto share = RandomVector<uint8_t>(rng, static_cast<int64_t>(n / 8 + 2), 8);
  const auto before = RandomVector<uint8_t>(rng, static_cast<int64_t>(n / 8 + 2), 8);
  const ConstBitVector shares(share.data(), n, rng() % 8);
  const RandomFactor factor(rng);
  for (const bool alone : {false, true}) {
    std::vector<uint8_t> bytes = before;
    const BitVector out(bytes.data(), n, offset);
    AddBitProduct(planes, factor, alone ? ConstBitVector() : shares, out);
    for (size_t i = 0; i < n; ++i) {
      const uint64_t value = FactorAt(factor, planes, i) * (alone || shares.At(i));
      ASSERT_EQ(out.At(i), (ConstBitVector(before.data(), n, offset).At(i) + value) % 2) << i;
    }
  }
}

TEST(BitProduct, ModuloTwoIsTheSame) {
  std::mt19937_64 rng(5);
  ForEachTarget([&] {
    for (int round = 0; round < 60; ++round)
      ExpectTheSameModuloTwo(rng, 1 + rng() % 400, round % 8);
    for (const size_t n : {4096, 4160, 8192, 8200, 8237}) ExpectTheSameModuloTwo(rng, n, 0);
  });
}

}  // namespace
}  // namespace mpcc::kernels
