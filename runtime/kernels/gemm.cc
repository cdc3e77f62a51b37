// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/gemm.h"

#include <algorithm>
#include <vector>

#include "runtime/kernels/gemm_reference.h"
#include "runtime/kernels/instantiate.h"

namespace mpcc::kernels {

template <LaneType T>
PackedMatrix<T>::PackedMatrix(const T* b, int64_t ldb, bool transpose_b, int64_t k, int64_t n)
    : k_(k), n_(n), panel_bytes_(k * kPanelCols * sizeof(T)), buffer_(panels() * panel_bytes_) {
  for (int64_t p = 0; p < panels(); ++p) {
    T* to = buffer_.template span<T>().data() + p * k * kPanelCols;
    for (int64_t i = 0; i < k; ++i) {
      for (int64_t j = p * kPanelCols; j < std::min(n, (p + 1) * kPanelCols); ++j) {
        to[i * kPanelCols + j % kPanelCols] = transpose_b ? b[j * ldb + i] : b[i * ldb + j];
      }
    }
  }
}

template <LaneType T>
void GemmPanels(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, int64_t first_panel,
                int64_t last_panel, T* c, int64_t ldc, Update update, int l) {
  constexpr int64_t kCols = PackedMatrix<T>::kPanelCols;
  for (int64_t p = first_panel; p < last_panel; ++p) {
    reference::Gemm(m, std::min(kCols, b.n() - p * kCols), b.k(), a, lda,
                    reinterpret_cast<const T*>(b.panel(p)), kCols, false, c + p * kCols, ldc,
                    update, l);
  }
}

template <LaneType T>
void Gemm(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, T* c, int64_t ldc,
          Update update, int l) {
  GemmPanels(m, a, lda, b, 0, b.panels(), c, ldc, update, l);
}

template <LaneType T>
void Gemm(int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb,
          bool transpose_b, T* c, int64_t ldc, Update update, int l) {
  Gemm(m, a, lda, PackedMatrix<T>(b, ldb, transpose_b, k, n), c, ldc, update, l);
}

template <LaneType T>
void BatchGemm(int64_t batch, int64_t m, int64_t n, int64_t k, const T* a, const T* b,
               bool transpose_b, T* c, Update update, int l) {
  for (int64_t i = 0; i < batch; ++i) {
    Gemm(m, n, k, a + i * m * k, k, b + i * k * n, transpose_b ? k : n, transpose_b, c + i * m * n,
         n, update, l);
  }
}

#define MPCC_INSTANTIATE(T)                                                                      \
  template class PackedMatrix<T>;                                                                \
  template void GemmPanels(int64_t, const T*, int64_t, const PackedMatrix<T>&, int64_t, int64_t, \
                           T*, int64_t, Update, int);                                            \
  template void Gemm(int64_t, const T*, int64_t, const PackedMatrix<T>&, T*, int64_t, Update,    \
                     int);                                                                       \
  template void Gemm(int64_t, int64_t, int64_t, const T*, int64_t, const T*, int64_t, bool, T*,  \
                     int64_t, Update, int);                                                      \
  template void BatchGemm(int64_t, int64_t, int64_t, int64_t, const T*, const T*, bool, T*,      \
                          Update, int);
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

}  // namespace mpcc::kernels
