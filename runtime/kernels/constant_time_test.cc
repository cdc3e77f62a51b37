// SPDX-License-Identifier: Apache-2.0
// Under valgrind: what kernels do does not depend on shares, masks and material. Kernels of P0's
// dealing that address tables by its own masks are left out (table.h).
#include "runtime/base/secrecy.h"
#include "runtime/kernels/bit_product.h"
#include "runtime/kernels/bit_table.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/gemm.h"
#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/layout.h"
#include "runtime/kernels/one_hot.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/kernels/table.h"

namespace mpcc::kernels {
namespace {

template <typename T>
class ConstantTime : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!SecretsAreWatched()) GTEST_SKIP() << "nobody watches: run it under valgrind";
  }

  // Nothing that fn does in any ring and instruction set follows a secret.
  template <typename Fn>
  void NothingFollows(Fn fn) {
    ForEachTarget([&] {
      for (const int l : SomeWidths<T>()) {
        const unsigned before = SecretsFollowed();
        fn(l);
        EXPECT_EQ(SecretsFollowed(), before) << "mod 2^" << l;
      }
    });
  }

  // n elements mod 2^l that must not be followed.
  std::vector<T> Secret(int64_t n, int l) {
    std::vector<T> values = RandomVector<T>(rng_, n, l);
    MarkSecret(Bytes(values));
    return values;
  }
  std::vector<T> Public(int64_t n, int l) { return RandomVector<T>(rng_, n, l); }

  std::span<const uint8_t> Bytes(const std::vector<T>& values) const {
    return {reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)};
  }

  std::mt19937_64 rng_{5};
};
TYPED_TEST_SUITE(ConstantTime, AllLanes);

constexpr int64_t kRows = 3, kColumns = 71, kSize = kRows * kColumns;

TYPED_TEST(ConstantTime, Packing) {
  using T = TypeParam;
  this->NothingFollows([&](int l) {
    const auto in = this->Secret(kSize, l);
    std::vector<uint8_t> packed(PackedBytes(kSize, l));
    Pack(View(in, l), packed);
    std::vector<T> out(kSize);
    Unpack(packed, View(out, l));
    SubPacked(View(in, l), packed);
    Unpack(ConstBitVector(packed.data(), kColumns, 3), View(out, l).Slice(0, kColumns));
    SubPacked(ConstBitVector(this->Bytes(in).data(), kColumns),
              std::span(packed).first(PackedBytes(kColumns, 1)));
    const std::vector<uint64_t> at = {0, 7, kSize - 1};
    std::vector<T> some(at.size());
    UnpackAt(packed, at, View(some, l));
    ReadBits(packed.data(), 3, l);
    const int64_t size[] = {kSize}, from[] = {1}, to[] = {1};
    CopyStrided(View(in, l), size, from, View(out, l), to);
  });
}

TYPED_TEST(ConstantTime, Arithmetic) {
  using T = TypeParam;
  this->NothingFollows([&](int l) {
    const auto a = this->Secret(kSize, l), b = this->Secret(kSize, l);
    std::vector<T> out(kSize), rows(kRows);
    const int64_t sizes[] = {kSize, 1, kColumns, kRows};
    for (const Broadcast how :
         {Broadcast::kSame, Broadcast::kScalar, Broadcast::kRow, Broadcast::kColumn})
      for (const auto kernel :
           {static_cast<void (*)(ConstRingVector, ConstRingVector, Broadcast, RingVector)>(Add),
            static_cast<void (*)(ConstRingVector, ConstRingVector, Broadcast, RingVector)>(Sub),
            static_cast<void (*)(ConstRingVector, ConstRingVector, Broadcast, RingVector)>(Mul)})
        kernel(View(a, l), View(b, l).Slice(0, sizes[static_cast<int>(how)]), how, View(out, l));
    Neg(View(a, l), View(out, l));
    AddScalar(View(a, l), 5, View(out, l));
    MulScalar(View(a, l), 5, View(out, l));
    MulScalarAdd(View(a, l), 4, View(b, l), View(out, l));
    RowSum(View(a, l), View(rows, l));
    RowDot(View(a, l), View(b, l), View(rows, l));
    AddUnlessMsb(View(this->Public(kSize, l), l), View(a, l), View(out, l));
    std::vector<uint8_t> narrow(kSize);
    const int k = std::min(l, 7);
    Convert(View(a, l), View(narrow, k));
    Extract(View(a, l), Rounding::kUp, View(narrow, k));
    std::vector<uint64_t> wide(kSize);
    Convert(View(a, l), View(wide, 64));
  });
}

TYPED_TEST(ConstantTime, Products) {
  using T = TypeParam;
  this->NothingFollows([&](int l) {
    const int64_t k = 37, n = 29;
    const auto a = this->Secret(kRows * k, l), b = this->Secret(k * n, l);
    std::vector<T> c(kRows * n);
    const PackedMatrix packed(View(b, l), k, n);
    for (const Update update : {Update::kSet, Update::kAdd, Update::kSubtract})
      Gemm(View(a, l), packed, update, View(c, l));
    for (const bool transposed : {false, true})
      BatchGemm({1, kRows, n, k, transposed}, View(a, l), View(b, l), Update::kAdd, View(c, l));
  });
}

// Opened values are addresses, what they are read of is not.
TYPED_TEST(ConstantTime, Lookups) {
  using T = TypeParam;
  this->NothingFollows([&](int l) {
    std::vector<T> out(kSize);
    for (const int d : {3, 6, 9}) {
      const std::vector<uint64_t> words(std::max(1, (2 << d) / 64), 0x5a5a33cc0ff0a5c3);
      const std::vector<uint16_t> digits = {1, 0, 7, 5};
      const auto packed =
          this->Secret(static_cast<int64_t>(digits.size() << d), 8 * static_cast<int>(sizeof(T)));
      uint8_t bits[1];
      alignas(8) uint8_t scratch[OneHotReader::kScratchBytes];
      OneHotReader(d, words).Read(this->Bytes(packed), digits, scratch,
                                  BitVector(bits, digits.size()));
    }
    for (const int k : {3, 8}) {
      const std::vector<uint16_t> index = {1, 0, 7, 5};
      const auto tables =
          this->Secret(static_cast<int64_t>(index.size() << k), 8 * static_cast<int>(sizeof(T)));
      uint8_t entries[2] = {};
      ReadBitTables(this->Bytes(tables), k, index, BitVector(entries, index.size(), 5));
    }
    const auto share = this->Secret(kColumns, l);
    const std::vector<uint8_t> planes(PackedBytes(2 * kColumns, 1), 0xff);
    const BitPlanes opened{{planes.data(), 2 * kColumns}, kColumns};
    const BitFactor::Term terms[] = {{2, 3}};
    const BitFactor factor{1, terms};
    AddBitProduct(opened, factor, View(share, l), View(out, l).Slice(0, kColumns));
    const auto secret = this->Secret(kColumns, 8 * static_cast<int>(sizeof(T)));
    std::vector<uint8_t> sum(PackedBytes(kColumns, 1));
    AddBitProduct(opened, factor, ConstBitVector(this->Bytes(secret).data(), kColumns),
                  BitVector(sum.data(), kColumns));
  });
}

// What follows a secret is seen.
TYPED_TEST(ConstantTime, ABranchAndAnIndexAreFound) {
  using T = TypeParam;
  const auto secret = this->Secret(1, kLeastWidth<T>);
  unsigned before = SecretsFollowed();
  volatile T taken = 0;
  for (T i = 0; i < static_cast<T>(secret[0] & 3); ++i) taken = taken + i;
  EXPECT_GT(SecretsFollowed(), before);
  before = SecretsFollowed();
  const std::vector<uint64_t> at = {static_cast<uint64_t>(secret[0] & 7)};
  std::vector<T> out(1);
  UnpackAt(std::vector<uint8_t>(64), at, View(out, kLeastWidth<T>));
  EXPECT_GT(SecretsFollowed(), before);
}

}  // namespace
}  // namespace mpcc::kernels
