// SPDX-License-Identifier: Apache-2.0
// Building blocks of kernels in lanes, compiled once for each instruction set.

// Not an ordinary guard: foreach_target.h includes this file again for every target.
#if defined(MPCC_RUNTIME_KERNELS_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef MPCC_RUNTIME_KERNELS_ELEMENTWISE_INL_H_
#undef MPCC_RUNTIME_KERNELS_ELEMENTWISE_INL_H_
#else
#define MPCC_RUNTIME_KERNELS_ELEMENTWISE_INL_H_
#endif

#include <hwy/highway.h>

#include <span>

#include "runtime/base/ring.h"
#include "runtime/kernels/lane.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// a*b mod 2^(lane width) for all four lanes; Highway 1.0.3 multiplies 16- and 32-bit lanes.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V MulLow(D d, V a, V b) {
  using T = hn::TFromD<D>;
  if constexpr (HWY_TARGET == HWY_SCALAR) {
    return hn::Set(d, static_cast<T>(uint64_t{hn::GetLane(a)} * hn::GetLane(b)));
  } else if constexpr (sizeof(T) == 1) {
    if constexpr (hn::MaxLanes(D()) == 1) {
      return hn::Set(d, static_cast<T>(hn::GetLane(a) * hn::GetLane(b)));
    } else {
      const hn::Repartition<uint16_t, D> d16;
      const auto a16 = hn::BitCast(d16, a), b16 = hn::BitCast(d16, b);
      const auto low_byte = hn::Set(d16, 0xff);
      const auto even = hn::And(hn::Mul(a16, b16), low_byte);
      const auto odd = hn::Mul(hn::ShiftRight<8>(a16), hn::AndNot(low_byte, b16));
      return hn::BitCast(d, hn::Or(even, odd));
    }
  } else if constexpr (sizeof(T) == 8) {
#if HWY_TARGET != HWY_SCALAR
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
    if constexpr (hn::MaxLanes(D()) == 8) return V{_mm512_mullo_epi64(a.raw, b.raw)};
#endif
    const hn::Repartition<uint32_t, D> d32;
    const auto mul = [&](V x, V y) {
      return hn::MulEven(hn::BitCast(d32, x), hn::BitCast(d32, y));
    };
    const V cross = hn::Add(mul(hn::ShiftRight<32>(a), b), mul(a, hn::ShiftRight<32>(b)));
    return hn::Add(mul(a, b), hn::ShiftLeft<32>(cross));
#endif
  } else {
    return hn::Mul(a, b);
  }
}

// Calls fn(d, i) for vectors d of elements i, i+1, ... that cover [0, n) exactly once: whole
// vectors, then 16-byte ones, then single lanes.
template <LaneType T, typename Fn>
HWY_INLINE void ForEachVector(int64_t n, Fn fn) {
  const hn::ScalableTag<T> d;
  const hn::CappedTag<T, 16 / sizeof(T)> d16;
  const hn::CappedTag<T, 1> d1;
  const int64_t lanes = hn::Lanes(d), lanes16 = hn::Lanes(d16);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) fn(d, i);
  for (; i + lanes16 <= n; i += lanes16) fn(d16, i);
  for (; i < n; ++i) fn(d1, i);
}

// Where a kernel writes, and the bits that stay.
template <LaneType T>
struct Result {
  T* lanes;
  T mask;

  Result From(int64_t i) const { return {lanes + i, mask}; }
  template <class D, class V>
  HWY_INLINE void Store(D d, V v, int64_t i) const {
    hn::StoreU(hn::And(v, hn::Set(d, mask)), d, lanes + i);
  }
};

// out[i] = fn(d, a[i]) mod 2^l.
template <LaneType T, typename Fn>
HWY_INLINE void Map(std::span<const T> a, Result<T> out, Fn fn) {
  ForEachVector<T>(a.size(), [&](auto d, int64_t i)
                                 HWY_ATTR { out.Store(d, fn(d, hn::LoadU(d, a.data() + i)), i); });
}

// out[i] = fn(d, a[i], b[i]) mod 2^l.
template <LaneType T, typename Fn>
HWY_INLINE void Map(std::span<const T> a, const T* b, Result<T> out, Fn fn) {
  ForEachVector<T>(a.size(), [&](auto d, int64_t i) HWY_ATTR {
    out.Store(d, fn(d, hn::LoadU(d, a.data() + i), hn::LoadU(d, b + i)), i);
  });
}

// The sum over i < n of fn(d, i), mod the lane width.
template <LaneType T, typename Fn>
HWY_INLINE T Sum(int64_t n, Fn fn) {
  const hn::ScalableTag<T> d;
  const int64_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) sum = hn::Add(sum, fn(d, i));
  HWY_ALIGN T parts[hn::MaxLanes(d)];
  hn::Store(sum, d, parts);
  T total = 0;
  for (int64_t j = 0; j < lanes; ++j) total += parts[j];
  const hn::CappedTag<T, 1> d1;
  for (; i < n; ++i) total += hn::GetLane(fn(d1, i));
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#endif  // the guard that toggles
