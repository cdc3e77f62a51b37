// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/gemm.h"

#include <algorithm>
#include <functional>

#include "runtime/kernels/gemm_kernel.h"

namespace mpcc::kernels {
namespace {

using internal::GemmPanelWords;
using internal::GemmWord;
using internal::GemmWords;
using internal::kGemmDepth;
using internal::kPanelCols;

// A[m, k] as words: where it lies when its rows are whole words, else a padded, widened copy.
template <LaneType T>
class WordMatrix {
 public:
  WordMatrix(std::span<const T> a, int64_t k)
      : data_(std::as_bytes(a).data()), stride_(k * sizeof(T)) {
    if constexpr (sizeof(T) <= 2) {
      if (sizeof(T) == 1 || k % kGemmDepth<T> != 0) Copy(a, k);
    }
  }

  const std::byte* row(int64_t i) const { return data_ + i * stride_; }
  int64_t stride() const { return stride_; }

 private:
  void Copy(std::span<const T> a, int64_t k) {
    const int64_t rows = k ? a.size() / k : 0, halves = GemmWords<T>(k) * kGemmDepth<T>;
    copy_ = SecureBuffer(rows * halves * sizeof(uint16_t));
    const auto words = copy_.span<uint16_t>();
    for (int64_t i = 0; i < rows; ++i) std::copy_n(a.data() + i * k, k, words.data() + i * halves);
    data_ = std::as_bytes(words).data();
    stride_ = halves * sizeof(uint16_t);
  }

  SecureBuffer copy_;
  const std::byte* data_;
  int64_t stride_;
};

// B[k, n], dense, or its transpose.
template <LaneType T>
struct Source {
  const T* b;
  int64_t k, n;
  bool transpose;

  // The columns of a panel from `first` on, or those that are left.
  void PackPanel(int64_t first, GemmWord<T>* panel) const {
    internal::PackPanel<T>({.b = b + first * (transpose ? k : 1),
                            .ldb = transpose ? k : n,
                            .transpose_b = transpose,
                            .k = k,
                            .cols = std::min(kPanelCols<T>, n - first),
                            .panel = panel});
  }
};

// C[m, n], dense, and what becomes of it.
template <LaneType T>
struct Target {
  std::span<T> c;
  int64_t n;
  Update update;
  int l;

  // Columns from `first` on of C (=, +=, -=) A * panel.
  void Multiply(const WordMatrix<T>& a, int64_t k, int64_t first, const GemmWord<T>* panel) const {
    internal::MultiplyPanel<T>({.m = static_cast<int64_t>(c.size()) / n,
                                .words = GemmWords<T>(k),
                                .a = a.row(0),
                                .a_stride = a.stride(),
                                .panel = panel,
                                .cols = std::min(kPanelCols<T>, n - first),
                                .c = c.data() + first,
                                .ldc = n,
                                .update = update,
                                .l = l});
  }
};

// Multiplications below which a thread that helps costs more than it saves.
constexpr int64_t kLeastShared = 1 << 20;

// fn(thread, i) for i below n, shared if `multiplications` in all are worth it.
void Share(Workers* workers, int64_t multiplications, int64_t n,
           const std::function<void(int, int64_t)>& fn) {
  if (workers && multiplications >= kLeastShared) return workers->Each(n, fn);
  for (int64_t i = 0; i < n; ++i) fn(0, i);
}

}  // namespace

PackedMatrix::PackedMatrix(ConstRingVector b, int64_t k, int64_t n)
    : k_(k), n_(n), width_(b.width()) {
  assert(b.size() == static_cast<uint64_t>(k * n));
  VisitLanes(
      [&](auto lanes) {
        using T = LaneOf<decltype(lanes)>;
        const int64_t words = GemmPanelWords<T>(k);
        panels_ =
            SecureBuffer((n + kPanelCols<T> - 1) / kPanelCols<T> * words * sizeof(GemmWord<T>));
        const Source<T> source{lanes.data(), k, n, false};
        auto* panel = panels_.span<GemmWord<T>>().data();
        for (int64_t j = 0; j < n; j += kPanelCols<T>, panel += words) source.PackPanel(j, panel);
      },
      b);
}

void Gemm(ConstRingVector a, const PackedMatrix& b, Update update, RingVector c, Workers* workers) {
  assert(a.width() == b.width());
  VisitLanes(
      [&](auto left, auto out) {
        using T = LaneOf<decltype(out)>;
        const WordMatrix<T> words(left, b.k());
        const Target<T> target{out, b.n(), update, c.width()};
        const auto* const panels = b.panels().span<GemmWord<T>>().data();
        Share(workers, static_cast<int64_t>(a.size()) * b.n(),
              (b.n() + kPanelCols<T> - 1) / kPanelCols<T>, [&](int, int64_t j) {
                target.Multiply(words, b.k(), j * kPanelCols<T>,
                                panels + j * GemmPanelWords<T>(b.k()));
              });
      },
      a, c);
}

void BatchGemm(const MatMulShape& s, ConstRingVector a, ConstRingVector b, Update update,
               RingVector c, Workers* workers) {
  VisitLanes(
      [&](auto left, auto right, auto out) {
        using T = LaneOf<decltype(out)>;
        const int64_t panel_words = GemmPanelWords<T>(s.k);
        SecureBuffer buffer((workers ? workers->threads() : 1) * panel_words * sizeof(GemmWord<T>));
        Share(workers, s.batch * s.m * s.n * s.k, s.batch, [&](int thread, int64_t i) {
          auto* const panel = buffer.span<GemmWord<T>>().data() + thread * panel_words;
          const WordMatrix<T> words(left.subspan(i * s.m * s.k, s.m * s.k), s.k);
          const Source<T> source{right.data() + i * s.k * s.n, s.k, s.n, s.transpose_b};
          const Target<T> target{out.subspan(i * s.m * s.n, s.m * s.n), s.n, update, c.width()};
          for (int64_t j = 0; j < s.n; j += kPanelCols<T>) {
            source.PackPanel(j, panel);
            target.Multiply(words, s.k, j, panel);
          }
        });
      },
      a, b, c);
}

}  // namespace mpcc::kernels
