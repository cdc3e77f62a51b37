// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/elementwise.h"

#include "runtime/kernels/elementwise_reference.h"
#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

using U = uint64_t;

constexpr Broadcast kBroadcasts[] = {Broadcast::kSame, Broadcast::kScalar, Broadcast::kRow,
                                     Broadcast::kColumn};

template <typename T>
class Elementwise : public ::testing::Test {
 protected:
  // Calls fn(shape, l) for each target, broadcast, width, and sizes that leave every kind of tail.
  template <typename Fn>
  void ForEachShape(Fn fn) {
    ForEachTarget([&] {
      for (const Broadcast b : kBroadcasts) {
        for (const int l : SomeWidths<T>()) {
          for (const int64_t cols : {0, 1, 5, 16, 67, 129}) {
            const Shape shape{3, cols, b};
            SCOPED_TRACE(testing::Message() << cols << " columns, broadcast " << static_cast<int>(b)
                                            << ", mod 2^" << l);
            a_ = RandomVector<T>(rng_, 3 * cols, l);
            b_ = RandomVector<T>(rng_, 3 * cols + 3, l);
            acc_ = RandomVector<T>(rng_, 3 * cols, l);
            want_.assign(3 * cols, 0);
            fn(shape, l);
          }
        }
      }
    });
  }

  template <typename Fn>
  void Expect(const Shape& shape, int l, Fn fn) {
    reference::Binary(a_.data(), b_.data(), acc_.data(), shape, l, want_.data(), fn);
  }

  std::mt19937_64 rng_{11};
  std::vector<T> a_, b_, acc_, want_;
};
TYPED_TEST_SUITE(Elementwise, AllLanes);

TYPED_TEST(Elementwise, BinaryKernelsEqualTheReferenceForEveryBroadcast) {
  using T = TypeParam;
  this->ForEachShape([&](const Shape& shape, int l) {
    std::vector<T> out(this->want_.size());
    this->Expect(shape, l, [](U a, U b, U) { return a + b; });
    Add(this->a_.data(), this->b_.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
    this->Expect(shape, l, [](U a, U b, U) { return a - b; });
    Sub(this->a_.data(), this->b_.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
    this->Expect(shape, l, [](U a, U b, U) { return a * b; });
    Mul(this->a_.data(), this->b_.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
    this->Expect(shape, l, [](U a, U b, U acc) { return a * b + acc; });
    MulAdd(this->a_.data(), this->b_.data(), this->acc_.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
  });
}

TYPED_TEST(Elementwise, OutputMayBeEitherInput) {
  using T = TypeParam;
  this->ForEachShape([&](const Shape& shape, int l) {
    this->Expect(shape, l, [](U a, U b, U acc) { return a * b + acc; });
    std::vector<T> out = this->acc_;
    MulAdd(this->a_.data(), this->b_.data(), out.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
    this->Expect(shape, l, [](U a, U b, U) { return a - b; });
    out = this->a_;
    Sub(out.data(), this->b_.data(), shape, l, out.data());
    ASSERT_EQ(out, this->want_);
    if (shape.b != Broadcast::kSame) return;
    out = this->b_;
    Sub(this->a_.data(), out.data(), shape, l, out.data());
    out.resize(this->want_.size());
    ASSERT_EQ(out, this->want_);
  });
}

TYPED_TEST(Elementwise, ScalarKernelsEqualTheReference) {
  using T = TypeParam;
  this->ForEachShape([&](const Shape& shape, int l) {
    const int64_t n = this->a_.size();
    const T* const a = this->a_.data();
    const U s = this->b_[0];
    std::vector<T> out(n);
    const auto expect = [&](auto fn) { reference::Unary(a, n, l, this->want_.data(), fn); };
    expect([](U x) { return -x; });
    Neg(a, n, l, out.data());
    ASSERT_EQ(out, this->want_);
    expect([s](U x) { return x + s; });
    AddScalar(a, static_cast<T>(s), n, l, out.data());
    ASSERT_EQ(out, this->want_);
    expect([s](U x) { return x * s; });
    MulScalar(a, static_cast<T>(s), n, l, out.data());
    ASSERT_EQ(out, this->want_);
    expect([s](U x) { return s - x; });
    ScalarSub(static_cast<T>(s), a, n, l, out.data());
    ASSERT_EQ(out, this->want_);
    this->Expect({1, n, Broadcast::kScalar}, l, [](U x, U b, U acc) { return x * b + acc; });
    MulScalarAdd(a, static_cast<T>(s), this->acc_.data(), n, l, out.data());
    ASSERT_EQ(out, this->want_);
  });
}

TYPED_TEST(Elementwise, RowSumsAndDotsEqualTheReference) {
  using T = TypeParam;
  this->ForEachShape([&](const Shape& shape, int l) {
    const std::vector<T> ones(shape.rows * shape.cols, 1);
    std::vector<T> out(shape.rows), want(shape.rows);
    reference::RowDot(this->a_.data(), ones.data(), shape.rows, shape.cols, l, want.data());
    RowSum(this->a_.data(), shape.rows, shape.cols, l, out.data());
    ASSERT_EQ(out, want);
    reference::RowDot(this->a_.data(), this->b_.data(), shape.rows, shape.cols, l, want.data());
    RowDot(this->a_.data(), this->b_.data(), shape.rows, shape.cols, l, out.data());
    ASSERT_EQ(out, want);
  });
}

TYPED_TEST(Elementwise, ShiftRightDropsLowBitsInPlace) {
  this->ForEachShape([&](const Shape&, int l) {
    reference::Unary(this->a_.data(), this->a_.size(), 64, this->want_.data(),
                     [l](U x) { return x >> (l / 2); });
    ShiftRight(this->a_.data(), l / 2, this->a_.size(), this->a_.data());
    ASSERT_EQ(this->a_, this->want_);
  });
}

}  // namespace
}  // namespace mpcc::kernels
