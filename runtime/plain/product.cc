// SPDX-License-Identifier: Apache-2.0
#include "runtime/plain/product.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/plain/product.cc"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace mpcc::plain {
namespace HWY_NAMESPACE {

// Terms that are summed in float.
inline constexpr int64_t kDepth = 128;

// Rows from `begin` to `end` of the factors, whose products c gets added.
struct Slab {
  const float *a, *b;
  double* c;
  int64_t m, n, k, begin, end;
};

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || !HWY_ARCH_X86

void AddSlab(const Slab& s) {
  constexpr int64_t kCols = 512;  // a block of B stays in the cache while all rows of A pass it
  float sums[kCols];
  for (int64_t col = 0; col < s.n; col += kCols) {
    const int64_t width = std::min(kCols, s.n - col);
    for (int64_t i = 0; i < s.m; ++i) {
      std::fill_n(sums, width, 0.0f);
      for (int64_t p = s.begin; p < s.end; ++p) {
        const float x = s.a[i * s.k + p];
        const float* row = s.b + p * s.n + col;
        for (int64_t j = 0; j < width; ++j) sums[j] += x * row[j];
      }
      for (int64_t j = 0; j < width; ++j) s.c[i * s.n + col + j] += sums[j];
    }
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;

inline constexpr int64_t kLanes = hn::MaxLanes(Tag());
inline constexpr int64_t kVectors = 2, kCols = kVectors * kLanes;
inline constexpr int64_t kMostRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

// kRows rows from `row` on times a panel of kCols columns of B, of which `cols` are there.
template <int64_t kRows>
void AddBlock(const Slab& s, const float* panel, int64_t row, int64_t col, int64_t cols) {
  const Tag d;
  Vector sums[kRows][kVectors];
#pragma GCC unroll 8
  for (int64_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int64_t v = 0; v < kVectors; ++v) sums[r][v] = hn::Zero(d);
  }
  const float* a = s.a + row * s.k;
  for (int64_t p = s.begin; p < s.end; ++p, panel += kCols) {
    Vector b[kVectors];
#pragma GCC unroll 2
    for (int64_t v = 0; v < kVectors; ++v) b[v] = hn::Load(d, panel + v * kLanes);
#pragma GCC unroll 8
    for (int64_t r = 0; r < kRows; ++r) {
      const Vector x = hn::Set(d, a[r * s.k + p]);
#pragma GCC unroll 2
      for (int64_t v = 0; v < kVectors; ++v) sums[r][v] = hn::Add(sums[r][v], hn::Mul(x, b[v]));
    }
  }
  HWY_ALIGN float tile[kRows][kCols];
#pragma GCC unroll 8
  for (int64_t r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int64_t v = 0; v < kVectors; ++v) hn::Store(sums[r][v], d, tile[r] + v * kLanes);
  }
  for (int64_t r = 0; r < kRows; ++r) {
    double* c = s.c + (row + r) * s.n + col;
    for (int64_t j = 0; j < cols; ++j) c[j] += tile[r][j];
  }
}

// A panel is laid out once for all rows of A.
void AddSlab(const Slab& s) {
  HWY_ALIGN float panel[kDepth * kCols];
  for (int64_t col = 0; col < s.n; col += kCols) {
    const int64_t cols = std::min(kCols, s.n - col);
    for (int64_t p = s.begin; p < s.end; ++p) {
      const float* from = s.b + p * s.n + col;
      hwy::Prefetch(from + kCols);  // of the next panel
      float* to = panel + (p - s.begin) * kCols;
      if (cols == kCols)
        std::copy_n(from, kCols, to);
      else
        std::fill(std::copy_n(from, cols, to), to + kCols, 0.0f);
    }
    int64_t row = 0;
    for (; row + kMostRows <= s.m; row += kMostRows) AddBlock<kMostRows>(s, panel, row, col, cols);
    for (; row + 2 <= s.m; row += 2) AddBlock<2>(s, panel, row, col, cols);
    if (row < s.m) AddBlock<1>(s, panel, row, col, cols);
  }
}

#endif

void Accumulate(const float* a, const float* b, std::span<double> c, int64_t m, int64_t k) {
  const int64_t n = m > 0 ? static_cast<int64_t>(c.size()) / m : 0;
  for (int64_t begin = 0; begin < k; begin += kDepth)
    AddSlab({a, b, c.data(), m, n, k, begin, std::min(begin + kDepth, k)});
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::plain

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::plain {

HWY_EXPORT(Accumulate);

void AccumulateProduct(const float* a, const float* b, std::span<double> c, int64_t m, int64_t k) {
  HWY_DYNAMIC_DISPATCH(Accumulate)(a, b, c, m, k);
}

void TransposeMatrix(const float* in, float* out, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) out[j * rows + i] = in[i * cols + j];
}

}  // namespace mpcc::plain
#endif  // HWY_ONCE
