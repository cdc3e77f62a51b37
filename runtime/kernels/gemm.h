// SPDX-License-Identifier: Apache-2.0
// Matrix products over Z_2^l, the hot kernel of the online phase.
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
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// What becomes of the old content of C.
enum class Update : uint8_t { kSet, kAdd, kSubtract };

// B[k, n] in the order in which the kernel reads it, for matrices used more than once (weight
// shares). Zeroised when freed. Holds about as many bytes as B, rounded up to whole panels (twice
// as many for u8). A matrix packed on one machine is not meant for another.
template <LaneType T>
class PackedMatrix {
 public:
  // Columns of a panel: a panel is the unit of work that threads may share out.
  static constexpr int64_t kPanelCols = sizeof(T) == 8 ? 24 : 48;

  PackedMatrix() = default;
  // b[i*ldb + j] = B[i, j], or with transpose_b b[j*ldb + i] = B[i, j].
  PackedMatrix(const T* b, int64_t ldb, bool transpose_b, int64_t k, int64_t n);

  int64_t k() const { return k_; }
  int64_t n() const { return n_; }
  int64_t panels() const { return (n_ + kPanelCols - 1) / kPanelCols; }
  const uint8_t* panel(int64_t i) const { return buffer_.data() + i * panel_bytes_; }

 private:
  int64_t k_ = 0;
  int64_t n_ = 0;
  int64_t panel_bytes_ = 0;
  SecureBuffer buffer_;
};

// C[m, n] (=, +=, -=) A[m, k] * B[k, n] mod 2^l; a row-major with rows lda apart, c likewise.
// c must not overlap a. Only the columns of panels [first_panel, last_panel) are computed in the
// second form, so that threads can work side by side on one C.
template <LaneType T>
void Gemm(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, T* c, int64_t ldc,
          Update update, int l);
template <LaneType T>
void GemmPanels(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, int64_t first_panel,
                int64_t last_panel, T* c, int64_t ldc, Update update, int l);

// The same with a B that is used once: C[m, n] (=, +=, -=) A[m, k] * B, B as for PackedMatrix.
// c must not overlap a or b.
template <LaneType T>
void Gemm(int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb,
          bool transpose_b, T* c, int64_t ldc, Update update, int l);

// `batch` products of dense matrices, operand i at a + i*m*k, b + i*k*n, c + i*m*n.
template <LaneType T>
void BatchGemm(int64_t batch, int64_t m, int64_t n, int64_t k, const T* a, const T* b,
               bool transpose_b, T* c, Update update, int l);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_GEMM_H_
