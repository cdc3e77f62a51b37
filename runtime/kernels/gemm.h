// SPDX-License-Identifier: Apache-2.0
// Matrix products over Z_2^l, the hot kernel of the online phase. Matrices are dense and row-major.
//
// Method: panels of B are laid out once so that one vector load feeds a row of multiply-adds, and a
// register block of C stays in registers over the whole inner dimension (Goto and van de Geijn,
// "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008). Products of 8- and
// 16-bit lanes are summed in pairs of signed 16-bit values into 32 bits: the low bits of such a sum
// are right whatever the signs, which is all that arithmetic mod 2^l, l <= 16, needs.
#ifndef MPCC_RUNTIME_KERNELS_GEMM_H_
#define MPCC_RUNTIME_KERNELS_GEMM_H_

#include <cstdint>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/workers.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// What becomes of the old content of C.
enum class Update : uint8_t { kSet, kAdd, kSubtract };

// B[k, n] in the order in which the kernel reads it, for matrices used more than once: a weight at
// P0, a weight's share at P1 and P2. Zeroised when freed. Holds about as many bytes as B, rounded
// up to whole panels (twice as many for 8-bit lanes). A matrix packed on one machine is not meant
// for another.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  // REQUIRES: b has k*n elements.
  PackedMatrix(ConstRingVector b, int64_t k, int64_t n);

  int64_t k() const { return k_; }
  int64_t n() const { return n_; }
  int width() const { return width_; }
  // Panel after panel, in words of the kernel.
  const SecureBuffer& panels() const { return panels_; }

 private:
  int64_t k_ = 0;
  int64_t n_ = 0;
  int width_ = 1;
  SecureBuffer panels_;
};

// C[m, n] (=, +=, -=) A[m, k] * B[k, n], m as C has rows. c must not overlap a. `workers`, if any,
// share the columns of C.
void Gemm(ConstRingVector a, const PackedMatrix& b, Update update, RingVector c,
          Workers* workers = nullptr);

// `batch` products a[m, k] * b[k, n], b as [n, k] with transpose_b.
struct MatMulShape {
  int64_t batch, m, n, k;
  bool transpose_b;
};

// The same with Bs that are used once; workers share the products. c must not overlap a or b.
void BatchGemm(const MatMulShape& shape, ConstRingVector a, ConstRingVector b, Update update,
               RingVector c, Workers* workers = nullptr);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_GEMM_H_
