// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/elementwise.h"

#include "runtime/kernels/elementwise_reference.h"
#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

using U = uint64_t;
using reference::Unary;

constexpr int64_t kRows = 3;
constexpr Broadcast kBroadcasts[] = {Broadcast::kSame, Broadcast::kScalar, Broadcast::kRow,
                                     Broadcast::kColumn};

template <typename T>
class Elementwise : public ::testing::Test {
 protected:
  // Calls fn(columns, l) for each target, width, and sizes that leave every kind of tail.
  template <typename Fn>
  void ForEachShape(Fn fn) {
    ForEachTarget([&] {
      for (const int l : SomeWidths<T>()) {
        for (const int64_t cols : {0, 1, 5, 16, 67, 129}) {
          SCOPED_TRACE(testing::Message() << cols << " columns, mod 2^" << l);
          a_ = RandomVector<T>(rng_, kRows * cols, l);
          acc_ = RandomVector<T>(rng_, kRows * cols, l);
          fn(cols, l);
        }
      }
    });
  }

  // The same with each broadcast and a second operand for it.
  template <typename Fn>
  void ForEachBroadcast(Fn fn) {
    ForEachShape([&](int64_t cols, int l) {
      const int64_t sizes[] = {kRows * cols, 1, cols, kRows};
      for (const Broadcast how : kBroadcasts) {
        SCOPED_TRACE(testing::Message() << "broadcast " << static_cast<int>(how));
        b_ = RandomVector<T>(rng_, sizes[static_cast<int>(how)], l);
        fn(how, cols, l);
      }
    });
  }

  template <typename Fn>
  std::vector<T> Want(Broadcast how, int64_t cols, int l, Fn fn) {
    return reference::Binary(a_, b_, how, cols, [&](U a, U b) { return Reduce(fn(a, b), l); });
  }

  std::mt19937_64 rng_{11};
  std::vector<T> a_, b_, acc_;
};
TYPED_TEST_SUITE(Elementwise, AllLanes);

TYPED_TEST(Elementwise, BinaryKernelsEqualTheReferenceForEveryBroadcast) {
  using T = TypeParam;
  this->ForEachBroadcast([&](Broadcast how, int64_t cols, int l) {
    const ConstRingVector a = View(this->a_, l), b = View(this->b_, l);
    std::vector<T> out(this->a_.size());
    Add(a, b, how, View(out, l));
    ASSERT_EQ(out, this->Want(how, cols, l, [](U x, U y) { return x + y; }));
    Sub(a, b, how, View(out, l));
    ASSERT_EQ(out, this->Want(how, cols, l, [](U x, U y) { return x - y; }));
    Mul(a, b, how, View(out, l));
    ASSERT_EQ(out, this->Want(how, cols, l, [](U x, U y) { return x * y; }));
  });
}

TYPED_TEST(Elementwise, OutputMayBeEitherInput) {
  using T = TypeParam;
  this->ForEachBroadcast([&](Broadcast how, int64_t cols, int l) {
    const auto want = this->Want(how, cols, l, [](U a, U b) { return a - b; });
    std::vector<T> out = this->a_;
    Sub(View(out, l), View(this->b_, l), how, View(out, l));
    ASSERT_EQ(out, want);
    if (how != Broadcast::kSame) return;
    out = this->b_;
    Sub(View(this->a_, l), View(out, l), View(out, l));
    ASSERT_EQ(out, want);
  });
}

TYPED_TEST(Elementwise, ScalarKernelsEqualTheReference) {
  using T = TypeParam;
  this->ForEachShape([&](int64_t, int l) {
    const ConstRingVector a = View(this->a_, l);
    const U s = this->rng_();
    std::vector<T> out(this->a_.size());
    Neg(a, View(out, l));
    ASSERT_EQ(out, Unary<T>(this->a_, l, [](U x) { return -x; }));
    AddScalar(a, s, View(out, l));
    ASSERT_EQ(out, Unary<T>(this->a_, l, [s](U x) { return x + s; }));
    MulScalar(a, s, View(out, l));
    ASSERT_EQ(out, Unary<T>(this->a_, l, [s](U x) { return x * s; }));
    out = this->acc_;
    MulScalarAdd(a, s, View(out, l), View(out, l));
    ASSERT_EQ(out, reference::Binary(this->a_, this->acc_, Broadcast::kSame, 1,
                                     [s, l](U x, U acc) { return Reduce(x * s + acc, l); }));
  });
}

TYPED_TEST(Elementwise, RowSumsAndDotsEqualTheReference) {
  using T = TypeParam;
  this->ForEachShape([&](int64_t, int l) {
    const std::vector<T> ones(this->a_.size(), 1);
    std::vector<T> out(kRows);
    RowSum(View(this->a_, l), View(out, l));
    ASSERT_EQ(out, reference::RowDot(this->a_, ones, kRows, l));
    RowDot(View(this->a_, l), View(this->acc_, l), View(out, l));
    ASSERT_EQ(out, reference::RowDot(this->a_, this->acc_, kRows, l));
  });
}

}  // namespace
}  // namespace mpcc::kernels
