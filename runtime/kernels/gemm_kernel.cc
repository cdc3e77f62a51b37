// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/gemm_kernel.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/gemm_kernel.cc"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/ring.h"

HWY_BEFORE_NAMESPACE();

// Highway 1.0.3 does not switch AVX512-VNNI on for this target, though it requires it of the
// machine.
#undef MPCC_GEMM_VNNI
#if HWY_TARGET == HWY_AVX3_DL && HWY_COMPILER_GCC_ACTUAL
#define MPCC_GEMM_VNNI 1
#pragma GCC push_options
#pragma GCC target("avx512vnni")
#else
#define MPCC_GEMM_VNNI 0
#endif

namespace mpcc::kernels::internal {
namespace HWY_NAMESPACE {

// Unaligned word of A.
template <typename Word>
HWY_INLINE Word LoadWord(const std::byte* p) {
  Word word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128 || !HWY_ARCH_X86
#define MPCC_GEMM_PLAIN 1
#else
#define MPCC_GEMM_PLAIN 0
#endif

#if MPCC_GEMM_PLAIN

// acc + a*b, where the words of u8 and u16 hold two factors each.
template <LaneType T, typename Word>
HWY_INLINE Word MultiplyAccumulate(Word acc, Word a, Word b) {
  if constexpr (kGemmDepth<T> == 2) {
    return acc + (a & 0xffff) * (b & 0xffff) + (a >> 16) * (b >> 16);
  } else {
    return acc + a * b;
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

template <LaneType T>
using Tag = hn::ScalableTag<GemmWord<T> >;

// Lanes of acc + a*b. The 16-bit factors count as signed here, which changes a product by multiples
// of 2^16 only.
template <LaneType T, class V>
HWY_INLINE V MultiplyAccumulate(V acc, V a, V b) {
  const Tag<T> d;
  if constexpr (kGemmDepth<T> == 2) {
#if MPCC_GEMM_VNNI
    return V{_mm512_dpwssd_epi32(acc.raw, a.raw, b.raw)};
#else
    const hn::Repartition<int16_t, Tag<T> > d16;
    const hn::Repartition<int32_t, Tag<T> > d32;
    auto unused = hn::Zero(d32);
    return hn::BitCast(d,
                       hn::ReorderWidenMulAccumulate(d32, hn::BitCast(d16, a), hn::BitCast(d16, b),
                                                     hn::BitCast(d32, acc), unused));
#endif
  } else if constexpr (sizeof(T) == 4) {
    return hn::Add(acc, hn::Mul(a, b));
  } else {
#if HWY_TARGET <= HWY_AVX3
    return hn::Add(acc, V{_mm512_mullo_epi64(a.raw, b.raw)});
#else
    const hn::Repartition<uint32_t, Tag<T> > d32;
    const auto mul = [&](V x, V y) {
      return hn::MulEven(hn::BitCast(d32, x), hn::BitCast(d32, y));
    };
    const V cross = hn::Add(mul(hn::ShiftRight<32>(a), b), mul(a, hn::ShiftRight<32>(b)));
    return hn::Add(acc, hn::Add(mul(a, b), hn::ShiftLeft<32>(cross)));
#endif
  }
}

#endif  // MPCC_GEMM_PLAIN

// c = (op tile) mod 2^l for `cols` columns of one row.
template <LaneType T>
HWY_INLINE void StoreRow(const GemmWord<T>* HWY_RESTRICT tile, int64_t cols, Update update, T mask,
                         T* HWY_RESTRICT c) {
  switch (update) {
    case Update::kSet:
      for (int64_t j = 0; j < cols; ++j) c[j] = static_cast<T>(tile[j]) & mask;
      break;
    case Update::kAdd:
      for (int64_t j = 0; j < cols; ++j) c[j] = static_cast<T>(c[j] + tile[j]) & mask;
      break;
    case Update::kSubtract:
      for (int64_t j = 0; j < cols; ++j) c[j] = static_cast<T>(c[j] - tile[j]) & mask;
      break;
  }
}

#if MPCC_GEMM_PLAIN

template <LaneType T>
void MultiplyPanelT(const PanelProduct<T>& p) {
  using Word = GemmWord<T>;
  constexpr int64_t kCols = kPanelCols<T>;
  for (int64_t i = 0; i < p.m; ++i) {
    Word tile[kCols] = {};
    for (int64_t w = 0; w < p.words; ++w) {
      const Word a = LoadWord<Word>(p.a + i * p.a_stride + w * sizeof(Word));
      const Word* b = p.panel + w * kCols;
      for (int64_t j = 0; j < kCols; ++j) tile[j] = MultiplyAccumulate<T>(tile[j], a, b[j]);
    }
    StoreRow<T>(tile, p.cols, p.update, static_cast<T>(Mask(p.l)), p.c + i * p.ldc);
  }
}

#else

// How far ahead of its use a part of a panel is fetched.
inline constexpr int64_t kPrefetchWords = 24;

// kRows rows of C from row `row`, kVectors vectors of columns from column `col` of the panel.
template <LaneType T, int kRows, int kVectors>
void MultiplyBlock(const PanelProduct<T>& p, int64_t row, int64_t col) {
  using Word = GemmWord<T>;
  const Tag<T> d;
  using V = hn::Vec<Tag<T> >;
  constexpr int64_t kCols = kPanelCols<T>;
  constexpr int64_t kLanes = hn::MaxLanes(Tag<T>());
  const std::byte* a = p.a + row * p.a_stride;
  const Word* b = p.panel + col;
  V acc[kRows][kVectors];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) acc[r][v] = hn::Zero(d);
  }
  for (int64_t w = 0; w < p.words; ++w, a += sizeof(Word), b += kCols) {
    // A part of a panel skips over the rest of each line group, which no prefetcher follows.
    if constexpr (kVectors * kLanes < kCols / 2) hwy::Prefetch(b + kPrefetchWords * kCols);
    V bv[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) bv[v] = hn::Load(d, b + v * kLanes);
#pragma GCC unroll 8
    for (int r = 0; r < kRows; ++r) {
      const V av = hn::Set(d, LoadWord<Word>(a + r * p.a_stride));
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) acc[r][v] = MultiplyAccumulate<T>(acc[r][v], av, bv[v]);
    }
  }
  // Constant indices only, else the accumulators would live in memory.
  HWY_ALIGN Word tile[kRows][kVectors * kLanes];
#pragma GCC unroll 8
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) hn::Store(acc[r][v], d, tile[r] + v * kLanes);
  }
  const int64_t cols = std::min<int64_t>(p.cols - col, kVectors * kLanes);
  for (int r = 0; r < kRows; ++r) {
    StoreRow<T>(tile[r], cols, p.update, static_cast<T>(Mask(p.l)), p.c + (row + r) * p.ldc + col);
  }
}

// Vectors of columns in one register block: with 32 registers the whole panel, else a part of it.
inline constexpr int kMaxVectors = HWY_TARGET <= HWY_AVX3 ? 3 : 2;
inline constexpr int kMaxRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

template <LaneType T, int kRows>
void MultiplyRows(const PanelProduct<T>& p, int64_t row) {
  constexpr int64_t kLanes = hn::MaxLanes(Tag<T>());
  int64_t col = 0;
  for (; p.cols - col > (kMaxVectors - 1) * kLanes; col += kMaxVectors * kLanes) {
    MultiplyBlock<T, kRows, kMaxVectors>(p, row, col);
  }
  if constexpr (kMaxVectors == 3) {
    if (p.cols - col > kLanes) return MultiplyBlock<T, kRows, 2>(p, row, col);
  }
  if (p.cols > col) MultiplyBlock<T, kRows, 1>(p, row, col);
}

template <LaneType T>
void MultiplyPanelT(const PanelProduct<T>& p) {
  int64_t row = 0;
  for (; row + kMaxRows <= p.m; row += kMaxRows) MultiplyRows<T, kMaxRows>(p, row);
  if constexpr (kMaxRows > 4) {
    for (; row + 4 <= p.m; row += 4) MultiplyRows<T, 4>(p, row);
  }
  for (; row + 2 <= p.m; row += 2) MultiplyRows<T, 2>(p, row);
  if (row < p.m) MultiplyRows<T, 1>(p, row);
}

#endif  // MPCC_GEMM_PLAIN

// The word of B's rows i*depth ... in column j.
template <LaneType T, bool kTranspose>
HWY_INLINE GemmWord<T> SourceWord(const PanelSource<T>& s, int64_t i, int64_t j) {
  using Word = GemmWord<T>;
  const auto at = [&](int64_t row) -> Word {
    return kTranspose ? s.b[j * s.ldb + row] : s.b[row * s.ldb + j];
  };
  if constexpr (kGemmDepth<T> == 1) {
    return at(i);
  } else {
    return 2 * i + 1 < s.k ? at(2 * i) | at(2 * i + 1) << 16 : at(2 * i);
  }
}

template <LaneType T, bool kTranspose>
void PackPanelFrom(const PanelSource<T>& s) {
  constexpr int64_t kCols = kPanelCols<T>;
  constexpr int64_t kVector = 64 / sizeof(GemmWord<T>);  // the longest vector that is loaded
  const int64_t padded = (s.cols + kVector - 1) / kVector * kVector;
  for (int64_t i = 0; i < GemmWords<T>(s.k); ++i) {
    auto* HWY_RESTRICT to = s.panel + i * kCols;
    for (int64_t j = 0; j < s.cols; ++j) to[j] = SourceWord<T, kTranspose>(s, i, j);
    for (int64_t j = s.cols; j < padded; ++j) to[j] = 0;
  }
}

template <LaneType T>
void PackPanelT(const PanelSource<T>& s) {
  s.transpose_b ? PackPanelFrom<T, true>(s) : PackPanelFrom<T, false>(s);
}

#define MPCC_KERNEL(Suffix, T)                                                   \
  void MultiplyPanel##Suffix(const PanelProduct<T>& p) { MultiplyPanelT<T>(p); } \
  void PackPanel##Suffix(const PanelSource<T>& s) { PackPanelT<T>(s); }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL
#undef MPCC_GEMM_PLAIN

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels::internal

#if MPCC_GEMM_VNNI
#pragma GCC pop_options
#endif
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels::internal {

#define MPCC_KERNEL(Suffix, T)                      \
  HWY_EXPORT(MultiplyPanel##Suffix);                \
  HWY_EXPORT(PackPanel##Suffix);                    \
  template <>                                       \
  void MultiplyPanel(const PanelProduct<T>& p) {    \
    HWY_DYNAMIC_DISPATCH(MultiplyPanel##Suffix)(p); \
  }                                                 \
  template <>                                       \
  void PackPanel(const PanelSource<T>& s) {         \
    HWY_DYNAMIC_DISPATCH(PackPanel##Suffix)(s);     \
  }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL

}  // namespace mpcc::kernels::internal
#endif  // HWY_ONCE
