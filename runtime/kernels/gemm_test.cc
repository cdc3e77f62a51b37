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
  // Operands with rows further apart than they are long, and the expected product.
  void Make(const Case& x, int l) {
    lda_ = x.k + 3;
    ldb_ = (x.transpose_b ? x.k : x.n) + 1;
    ldc_ = x.n + 2;
    a_ = RandomVector<T>(rng_, x.m * lda_, l);
    b_ = RandomVector<T>(rng_, (x.transpose_b ? x.n : x.k) * ldb_, l);
    c_ = RandomVector<T>(rng_, x.m * ldc_, l);
    want_ = c_;
    reference::Gemm(x.m, x.n, x.k, a_.data(), lda_, b_.data(), ldb_, x.transpose_b, want_.data(),
                    ldc_, x.update, l);
  }

  std::mt19937_64 rng_{1};
  int64_t lda_, ldb_, ldc_;
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
      kernels::Gemm(x.m, x.n, x.k, this->a_.data(), this->lda_, this->b_.data(), this->ldb_,
                    x.transpose_b, c.data(), this->ldc_, x.update, l);
      ASSERT_EQ(c, this->want_);
    }
  });
}

TYPED_TEST(Gemm, PackedMatrixGivesTheSameProductInPieces) {
  using T = TypeParam;
  constexpr int kBits = 8 * sizeof(T);
  ForEachTarget([&] {
    for (const Case& x : Cases()) {
      SCOPED_TRACE(testing::Message() << x.m << " x " << x.n << " x " << x.k);
      this->Make(x, kBits);
      std::vector<T> c = this->c_;
      const PackedMatrix<T> b(this->b_.data(), this->ldb_, x.transpose_b, x.k, x.n);
      const int64_t middle = b.panels() / 2;
      for (const auto& [first, last] :
           {std::pair{middle, b.panels()}, std::pair{int64_t{0}, middle}}) {
        GemmPanels(x.m, this->a_.data(), this->lda_, b, first, last, c.data(), this->ldc_, x.update,
                   kBits);
      }
      ASSERT_EQ(c, this->want_);
    }
  });
}

TYPED_TEST(Gemm, BatchMultipliesMatrixByMatrix) {
  using T = TypeParam;
  constexpr int kBits = 8 * sizeof(T);
  constexpr int64_t kBatch = 3, kM = 5, kN = 7, kK = 4;
  ForEachTarget([&] {
    const auto a = RandomVector<T>(this->rng_, kBatch * kM * kK, kBits);
    const auto b = RandomVector<T>(this->rng_, kBatch * kK * kN, kBits);
    std::vector<T> c(kBatch * kM * kN), want(c);
    BatchGemm(kBatch, kM, kN, kK, a.data(), b.data(), true, c.data(), Update::kSet, kBits);
    for (int64_t i = 0; i < kBatch; ++i) {
      reference::Gemm(kM, kN, kK, a.data() + i * kM * kK, kK, b.data() + i * kK * kN, kK, true,
                      want.data() + i * kM * kN, kN, Update::kSet, kBits);
    }
    EXPECT_EQ(c, want);
  });
}

}  // namespace
}  // namespace mpcc::kernels
