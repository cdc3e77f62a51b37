// SPDX-License-Identifier: Apache-2.0
// The part of gemm.h that depends on the instruction set: one panel of B at a time. Not for users.
//
// A panel holds kPanelCols<T> columns of B as GemmWord<T> words [words][kPanelCols].
// u32 and u64: one element of B a word. u8 and u16: the elements of two consecutive rows of B, the
// first in the low half, so that one multiply-add of 16-bit pairs consumes a word of A and a word
// of B. A is read as the same words: u16, u32 and u64 where they lie, u8 after widening.
#ifndef MPCC_RUNTIME_KERNELS_GEMM_KERNEL_H_
#define MPCC_RUNTIME_KERNELS_GEMM_KERNEL_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "runtime/kernels/gemm.h"

namespace mpcc::kernels::internal {

// Columns of a panel.
template <LaneType T>
inline constexpr int64_t kPanelCols = sizeof(T) == 8 ? 24 : 48;

template <LaneType T>
using GemmWord = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

// Rows of B in a word.
template <LaneType T>
inline constexpr int64_t kGemmDepth = sizeof(T) <= 2 ? 2 : 1;

template <LaneType T>
constexpr int64_t GemmWords(int64_t k) {
  return (k + kGemmDepth<T> - 1) / kGemmDepth<T>;
}

template <LaneType T>
constexpr int64_t GemmPanelWords(int64_t k) {
  return GemmWords<T>(k) * kPanelCols<T>;
}

template <LaneType T>
struct PanelProduct {
  int64_t m;
  int64_t words;       // of a row of A
  const std::byte* a;  // row i: words at a + i*a_stride, of any alignment
  int64_t a_stride;    // bytes
  const GemmWord<T>* panel;
  int64_t cols;  // valid columns of the panel, 1 .. kPanelCols
  T* c;          // first column of the panel
  int64_t ldc;
  Update update;
  int l;
};

template <LaneType T>
struct PanelSource {
  const T* b;  // element (0, first column of the panel)
  int64_t ldb;
  bool transpose_b;
  int64_t k;
  int64_t cols;  // valid columns; the rest of their last vector becomes 0
  GemmWord<T>* panel;
};

template <LaneType T>
void MultiplyPanel(const PanelProduct<T>& product);
template <LaneType T>
void PackPanel(const PanelSource<T>& source);

}  // namespace mpcc::kernels::internal

#endif  // MPCC_RUNTIME_KERNELS_GEMM_KERNEL_H_
