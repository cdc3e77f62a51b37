// SPDX-License-Identifier: Apache-2.0
// What gemm.h must compute: three loops in 64 bits. For tests.
#ifndef MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_
#define MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_

#include <cstdint>
#include <span>

#include "runtime/base/ring.h"
#include "runtime/kernels/gemm.h"

namespace mpcc::kernels::reference {

template <LaneType T>
void Gemm(const MatMulShape& s, std::span<const T> a, std::span<const T> b, Update update,
          std::span<T> c, int l) {
  for (int64_t at = 0; at < s.batch * s.m * s.n; ++at) {
    const int64_t g = at / (s.m * s.n), i = at / s.n, j = at % s.n;
    uint64_t sum = 0;
    for (int64_t p = 0; p < s.k; ++p)
      sum +=
          uint64_t{a[i * s.k + p]} * b[g * s.k * s.n + (s.transpose_b ? j * s.k + p : p * s.n + j)];
    const uint64_t old = update == Update::kSet ? 0 : c[at];
    c[at] = static_cast<T>(Reduce(update == Update::kSubtract ? old - sum : old + sum, l));
  }
}

}  // namespace mpcc::kernels::reference

#endif  // MPCC_RUNTIME_KERNELS_GEMM_REFERENCE_H_
