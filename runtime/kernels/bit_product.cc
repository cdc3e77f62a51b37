// SPDX-License-Identifier: Apache-2.0
// Plain loops over pieces that stay in the first-level cache; the compiler vectorises them for each
// instruction set.
#include "runtime/kernels/bit_product.h"

#include <algorithm>
#include <cassert>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/bit_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/bytes.h"
#include "runtime/base/ring.h"
#include "runtime/base/secure_buffer.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

constexpr uint64_t kPiece = 256;

// All ones where the bit is set.
template <LaneType T>
HWY_INLINE T AllOnes(uint8_t bit) {
  return static_cast<T>(-static_cast<T>(bit));
}

template <LaneType T>
void AddTerm(const BitFactor::Term& term, const uint8_t* planes, uint64_t stride, uint64_t n,
             T* sum) {
  T value[kPiece];
  std::fill_n(value, n, static_cast<T>(term.coefficient));
  for (int j : term.bits) {
    const uint8_t* const plane = planes + j * stride;
    for (uint64_t i = 0; i < n; ++i) value[i] &= AllOnes<T>(plane[i]);
  }
  for (uint64_t i = 0; i < n; ++i) sum[i] = static_cast<T>(sum[i] + value[i]);
}

// sum = -sum where an odd number of the signs' bits is set.
template <LaneType T>
void ApplySigns(const std::vector<int>& signs, const uint8_t* planes, uint64_t stride, uint64_t n,
                T* sum) {
  uint8_t odd[kPiece] = {};
  for (int j : signs) {
    const uint8_t* const plane = planes + j * stride;
    for (uint64_t i = 0; i < n; ++i) odd[i] ^= plane[i];
  }
  for (uint64_t i = 0; i < n; ++i) sum[i] = static_cast<T>((sum[i] ^ AllOnes<T>(odd[i])) + odd[i]);
}

// What `factor` is of the n elements at `planes`.
template <LaneType T>
void SumOf(const BitFactor& factor, const uint8_t* planes, uint64_t stride, uint64_t n, T* sum) {
  std::fill_n(sum, n, T{0});
  for (const BitFactor::Term& term : factor.terms) AddTerm(term, planes, stride, n, sum);
  ApplySigns(factor.signs, planes, stride, n, sum);
}

void AddVector(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
               RingVector out) {
  const uint8_t* const bits = planes.bits.bytes().data();
  const uint64_t n = out.size();
  VisitLanes(
      [&](auto to) {
        using T = LaneOf<decltype(to)>;
        const T* const in = share.empty() ? nullptr : share.As<T>().data();
        const auto mask = static_cast<T>(Mask(out.width()));
        T sum[kPiece];
        for (uint64_t first = 0; first < n; first += kPiece) {
          const uint64_t count = std::min(kPiece, n - first);
          T* const result = to.data() + first;
          SumOf(factor, bits + first, planes.stride, count, sum);
          if (in)
            for (uint64_t i = 0; i < count; ++i)
              sum[i] = static_cast<T>(uint64_t{sum[i]} * in[first + i]);
          for (uint64_t i = 0; i < count; ++i)
            result[i] = static_cast<T>(result[i] + sum[i]) & mask;
        }
        CleanseMemory(MutableBytesOf(sum));
      },
      out);
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(AddVector);

void AddBitProduct(const BitPlanes& planes, const BitFactor& factor, ConstRingVector share,
                   RingVector out) {
  assert(planes.bits.width() == 1 && (share.empty() || share.size() == out.size()));
  HWY_DYNAMIC_DISPATCH(AddVector)(planes, factor, share, out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
