// SPDX-License-Identifier: Apache-2.0
// What gemm.h must compute: three loops in 64 bits. For tests.
#ifndef MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_

#include <cstdint>

#include "runtime/base/ring.h"
#include "runtime/kernels/gemm.h"

namespace mpcc::kernels::reference {

template <LaneType T>
void Gemm(int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb,
          bool transpose_b, T* c, int64_t ldc, Update update, int l) {
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      uint64_t sum = 0;
      for (int64_t p = 0; p < k; ++p) {
        sum += uint64_t{a[i * lda + p]} * (transpose_b ? b[j * ldb + p] : b[p * ldb + j]);
      }
      const uint64_t old = update == Update::kSet ? 0 : c[i * ldc + j];
      c[i * ldc + j] =
          static_cast<T>(Reduce(update == Update::kSubtract ? old - sum : old + sum, l));
    }
  }
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_
