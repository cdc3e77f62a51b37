// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/gemm.h"

#include "runtime/kernels/gemm_reference.h"
#include "runtime/kernels/kernel_test_util.h"

namespace mpcc::kernels {
namespace {

struct Case {
  int64_t m, n, k;
  bool transpose_b;
  Update update;
};

// Every remainder of rows, columns and inner dimension that a block can leave.
std::vector<Case> Cases() {
  std::vector<Case> cases;
  int which = 0;
  for (const int64_t m : {1, 2, 3, 7, 8, 13, 17}) {
    for (const int64_t n : {1, 15, 16, 24, 33, 47, 48, 49, 100}) {
      for (const int64_t k : {1, 2, 5, 32}) {
        cases.push_back({m, n, k, which % 2 == 0, static_cast<Update>(which % 3)});
        ++which;
      }
    }
  }
  cases.push_back({5, 0, 3, false, Update::kSet});
  cases.push_back({0, 5, 3, true, Update::kSet});
  cases.push_back({2, 3, 0, false, Update::kSet});
  cases.push_back({9, 50, 768, false, Update::kAdd});
  return cases;
}

template <typename T>
class Gemm : public ::testing::Test {
 protected:
  // Random operands, and the expected product.
  void Make(const Case& x, int l) {
    a_ = RandomVector<T>(rng_, x.m * x.k, l);
    b_ = RandomVector<T>(rng_, x.n * x.k, l);
    c_ = RandomVector<T>(rng_, x.m * x.n, l);
    want_ = c_;
    reference::Gemm<T>({1, x.m, x.n, x.k, x.transpose_b}, a_, b_, x.update, want_, l);
  }

  std::mt19937_64 rng_{1};
  std::vector<T> a_, b_, c_, want_;
};
TYPED_TEST_SUITE(Gemm, AllLanes);

TYPED_TEST(Gemm, EqualsTheReferenceForEveryShapeAndUpdate) {
  using T = TypeParam;
  ForEachTarget([&] {
    int which = 0;
    for (const Case& x : Cases()) {
      const int l = SomeWidths<T>()[which++ % 4];
      SCOPED_TRACE(testing::Message() << x.m << " x " << x.n << " x " << x.k << " mod 2^" << l);
      this->Make(x, l);
      std::vector<T> c = this->c_;
      BatchGemm({1, x.m, x.n, x.k, x.transpose_b}, View(this->a_, l), View(this->b_, l), x.update,
                View(c, l));
      ASSERT_EQ(c, this->want_);
    }
  });
}

TYPED_TEST(Gemm, PackedMatrixGivesTheSameProduct) {
  using T = TypeParam;
  ForEachTarget([&] {
    int which = 0;
    for (Case x : Cases()) {
      const int l = SomeWidths<T>()[which++ % 4];
      SCOPED_TRACE(testing::Message() << x.m << " x " << x.n << " x " << x.k << " mod 2^" << l);
      x.transpose_b = false;
      this->Make(x, l);
      std::vector<T> c = this->c_;
      const PackedMatrix b(View(this->b_, l), x.k, x.n);
      kernels::Gemm(View(this->a_, l), b, x.update, View(c, l));
      ASSERT_EQ(c, this->want_);
    }
  });
}

TYPED_TEST(Gemm, BatchMultipliesMatrixByMatrix) {
  using T = TypeParam;
  constexpr int kBits = 8 * sizeof(T);
  constexpr MatMulShape kShape{3, 5, 7, 4, true};
  ForEachTarget([&] {
    const auto a = RandomVector<T>(this->rng_, 3 * 5 * 4, kBits);
    const auto b = RandomVector<T>(this->rng_, 3 * 7 * 4, kBits);
    std::vector<T> c(3 * 5 * 7), want(c);
    BatchGemm(kShape, View(a, kBits), View(b, kBits), Update::kSet, View(c, kBits));
    reference::Gemm<T>(kShape, a, b, Update::kSet, want, kBits);
    EXPECT_EQ(c, want);
  });
}

}  // namespace
}  // namespace mpcc::kernels
