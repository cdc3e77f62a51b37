// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/layout.h"

#include <algorithm>
#include <numeric>

#include "runtime/kernels/kernel_test_util.h"
#include "runtime/kernels/packed_bits.h"

namespace mpcc::kernels {
namespace {

using Dims = std::vector<int64_t>;

int64_t Product(const Dims& dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
}

// Element by element: the index is counted up like an odometer.
template <typename T>
void CopySlowly(const T* in, const Dims& shape, const Dims& in_strides, T* out,
                const Dims& out_strides) {
  for (int64_t i = 0; i < Product(shape); ++i) {
    int64_t from = 0, to = 0, rest = i;
    for (int64_t d = static_cast<int64_t>(shape.size()) - 1; d >= 0; rest /= shape[d--]) {
      from += rest % shape[d] * in_strides[d];
      to += rest % shape[d] * out_strides[d];
    }
    out[to] = in[from];
  }
}

Dims DenseStrides(const Dims& shape) {
  Dims strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

template <typename T>
class Layout : public ::testing::Test {
 protected:
  std::mt19937_64 rng_{19};
};
TYPED_TEST_SUITE(Layout, AllLanes);

TYPED_TEST(Layout, TransposeEqualsNumpysForEveryPermutation) {
  using T = TypeParam;
  for (const Dims& shape :
       {Dims{}, {7}, {70, 33}, {2, 65, 3}, {3, 1, 4, 66}, {2, 3, 4, 5, 6}, {2, 0, 3}}) {
    Dims perm(shape.size());
    std::iota(perm.begin(), perm.end(), 0);
    const auto in = RandomVector<T>(this->rng_, Product(shape), 8 * sizeof(T));
    do {
      Dims out_shape, in_strides;
      for (const int64_t d : perm) {
        out_shape.push_back(shape[d]);
        in_strides.push_back(DenseStrides(shape)[d]);
      }
      std::vector<T> out(in.size()), want(in.size());
      CopySlowly(in.data(), out_shape, in_strides, want.data(), DenseStrides(out_shape));
      Transpose(View(in, 8 * sizeof(T)), shape, perm, View(out, 8 * sizeof(T)));
      ASSERT_EQ(out, want) << testing::PrintToString(shape) << testing::PrintToString(perm);
    } while (std::next_permutation(perm.begin(), perm.end()));
  }
}

TYPED_TEST(Layout, CopyStridedSlicesPlacesAndRepeats) {
  using T = TypeParam;
  const auto in = RandomVector<T>(this->rng_, 1000, 8 * sizeof(T));
  const struct {
    Dims shape, in_strides, out_strides;
  } cases[] = {
      {{4, 5}, {10, 1}, {5, 1}},               // columns of a wider matrix
      {{4, 5}, {5, 1}, {20, 1}},               // into a wider matrix
      {{6, 70}, {0, 1}, {70, 1}},              // one row repeated
      {{6, 70}, {1, 0}, {70, 1}},              // one column repeated
      {{3, 4, 5}, {0, 0, 0}, {20, 5, 1}},      // one value repeated
      {{3, 4, 5}, {100, 20, 2}, {40, 10, 2}},  // every other element
      {{1}, {17}, {3}},
  };
  for (const auto& x : cases) {
    std::vector<T> out(1000, 1), want(1000, 1);
    CopySlowly(in.data(), x.shape, x.in_strides, want.data(), x.out_strides);
    CopyStrided(View(in, 8 * sizeof(T)), x.shape, x.in_strides, View(out, 8 * sizeof(T)),
                x.out_strides);
    ASSERT_EQ(out, want) << testing::PrintToString(x.shape);
  }
}

// Packed bits move as those in lanes do, wherever they begin.
TEST(LayoutOfBits, IsThatOfLanes) {
  std::mt19937_64 rng(23);
  for (int round = 0; round < 300; ++round) {
    Dims shape;
    for (uint64_t rank = 1 + rng() % 4; rank > 0; --rank)
      shape.push_back(rng() % 4 ? 1 + rng() % 9 : 60 + rng() % 80);
    Dims perm(shape.size());
    std::iota(perm.begin(), perm.end(), 0);
    if (round % 2) std::shuffle(perm.begin(), perm.end(), rng);
    const uint64_t n = Product(shape), begin = rng() % 8;
    const auto lanes = RandomVector<uint8_t>(rng, n, 1);
    std::vector<uint8_t> moved(n), want(n), in(n / 8 + 2), out(n / 8 + 2);
    const BitVector packed(in.data(), n, begin), result(out.data(), n, 7 - begin);
    Pack(View(lanes, 1), packed);
    Transpose(View(lanes, 1), shape, perm, View(want, 1));
    Transpose(ConstBitVector(packed), shape, perm, result);
    Unpack(result, View(moved, 1));
    ASSERT_EQ(moved, want) << testing::PrintToString(shape) << testing::PrintToString(perm);
    // A part of it, out of and into the middle.
    Dims part;
    for (const int64_t size : shape) part.push_back(1 + rng() % size);
    const Dims strides = DenseStrides(shape);
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(rng());
    const ConstBitVector around(out.data(), 8 * out.size());
    std::vector<uint8_t> got(around.size()), left(around.size());
    Unpack(around, View(left, 1));
    CopySlowly(lanes.data(), part, strides, left.data() + 7 - begin, strides);
    CopyStrided(ConstBitVector(packed), part, strides, result, strides);
    Unpack(around, View(got, 1));
    ASSERT_EQ(got, left) << testing::PrintToString(shape) << testing::PrintToString(part);
  }
}

}  // namespace
}  // namespace mpcc::kernels
