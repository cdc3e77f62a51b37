// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/gemm.h"

#include <algorithm>

#include "runtime/kernels/gemm_kernel.h"
#include "runtime/kernels/instantiate.h"

namespace mpcc::kernels {
namespace {

using internal::GemmPanelBytes;
using internal::GemmWords;
using internal::kGemmDepth;

// A as words: where it lies when its rows are whole words, else a padded, widened copy.
template <LaneType T>
class WordMatrix {
 public:
  WordMatrix(const T* a, int64_t lda, int64_t m, int64_t k)
      : data_(reinterpret_cast<const uint8_t*>(a)), stride_(lda * sizeof(T)) {
    if constexpr (sizeof(T) <= 2) {
      if (sizeof(T) == 1 || k % kGemmDepth<T> != 0) Copy(a, lda, m, k);
    }
  }

  const uint8_t* data() const { return data_; }
  int64_t stride() const { return stride_; }

 private:
  void Copy(const T* a, int64_t lda, int64_t m, int64_t k) {
    const int64_t halves = GemmWords<T>(k) * kGemmDepth<T>;
    copy_ = SecureBuffer(m * halves * sizeof(uint16_t));
    for (int64_t i = 0; i < m; ++i) {
      std::copy_n(a + i * lda, k, copy_.span<uint16_t>().data() + i * halves);
    }
    data_ = copy_.data();
    stride_ = halves * sizeof(uint16_t);
  }

  SecureBuffer copy_;
  const uint8_t* data_;
  int64_t stride_;
};

// The kPanelCols columns of B from column `first` on, or those that are left.
template <LaneType T>
void PackPanelAt(const T* b, int64_t ldb, bool transpose_b, int64_t k, int64_t n, int64_t first,
                 uint8_t* panel) {
  internal::PackPanel<T>({.b = b + first * (transpose_b ? ldb : 1),
                          .ldb = ldb,
                          .transpose_b = transpose_b,
                          .k = k,
                          .cols = std::min(PackedMatrix<T>::kPanelCols, n - first),
                          .panel = panel});
}

// One product that packs B panel by panel into `panel`, which holds GemmPanelBytes<T>(k).
template <LaneType T>
void GemmThrough(uint8_t* panel, int64_t m, int64_t n, int64_t k, const T* a, int64_t lda,
                 const T* b, int64_t ldb, bool transpose_b, T* c, int64_t ldc, Update update,
                 int l) {
  const WordMatrix<T> words(a, lda, m, k);
  constexpr int64_t kCols = PackedMatrix<T>::kPanelCols;
  for (int64_t j = 0; j < n; j += kCols) {
    PackPanelAt(b, ldb, transpose_b, k, n, j, panel);
    internal::MultiplyPanel<T>({m, GemmWords<T>(k), words.data(), words.stride(), panel,
                                std::min(kCols, n - j), c + j, ldc, update, l});
  }
}

}  // namespace

template <LaneType T>
PackedMatrix<T>::PackedMatrix(const T* b, int64_t ldb, bool transpose_b, int64_t k, int64_t n)
    : k_(k), n_(n), panel_bytes_(GemmPanelBytes<T>(k)), buffer_(panels() * panel_bytes_) {
  for (int64_t p = 0; p < panels(); ++p) {
    PackPanelAt(b, ldb, transpose_b, k, n, p * kPanelCols, buffer_.data() + p * panel_bytes_);
  }
}

template <LaneType T>
void GemmPanels(int64_t m, const T* a, int64_t lda, const PackedMatrix<T>& b, int64_t first_panel,
                int64_t last_panel, T* c, int64_t ldc, Update update, int l) {
  constexpr int64_t kCols = PackedMatrix<T>::kPanelCols;
  const WordMatrix<T> words(a, lda, m, b.k());
  for (int64_t p = first_panel; p < last_panel; ++p) {
    internal::MultiplyPanel<T>({m, GemmWords<T>(b.k()), words.data(), words.stride(), b.panel(p),
                                std::min(kCols, b.n() - p * kCols), c + p * kCols, ldc, update, l});
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
  SecureBuffer panel(GemmPanelBytes<T>(k));
  GemmThrough(panel.data(), m, n, k, a, lda, b, ldb, transpose_b, c, ldc, update, l);
}

template <LaneType T>
void BatchGemm(int64_t batch, int64_t m, int64_t n, int64_t k, const T* a, const T* b,
               bool transpose_b, T* c, Update update, int l) {
  SecureBuffer panel(GemmPanelBytes<T>(k));
  for (int64_t i = 0; i < batch; ++i) {
    GemmThrough(panel.data(), m, n, k, a + i * m * k, k, b + i * k * n, transpose_b ? k : n,
                transpose_b, c + i * m * n, n, update, l);
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
