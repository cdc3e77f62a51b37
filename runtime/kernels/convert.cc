// SPDX-License-Identifier: Apache-2.0
// The kernels of elementwise.h between two lane types: plain loops that the compiler vectorises
// for each instruction set.
#include "runtime/kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/convert.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/ring.h"

// Elements do not depend on each other, in place or not; GCC needs to be told, clang checks.
#undef MPCC_VECTORISE
#if HWY_COMPILER_CLANG
#define MPCC_VECTORISE
#else
#define MPCC_VECTORISE _Pragma("GCC ivdep")
#endif

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

// (a + c) >> s. The shift is done in the lanes of a, everything after it in those of the result.
template <LaneType From, LaneType To>
void ShiftInto(std::span<const From> a, From c, int s, To mask, To* out) {
  const From* const in = a.data();
  const int64_t n = a.size();
  MPCC_VECTORISE
  for (int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<To>(static_cast<From>(in[i] + c) >> s) & mask;
  }
}

// Adds d to out where bit `bit` of m is clear.
template <LaneType M, LaneType T>
void AddWhereClear(std::span<const M> m, int bit, const T* d, T* out, T mask) {
  const M* const steer = m.data();
  const int64_t n = m.size();
  // The bit less 1 is all ones when the bit is clear, and 0 when it is set.
  MPCC_VECTORISE
  for (int64_t i = 0; i < n; ++i) {
    const T keep = static_cast<T>(static_cast<T>(steer[i] >> bit & 1) - 1);
    out[i] = static_cast<T>(out[i] + (d[i] & keep)) & mask;
  }
}

void ShiftVector(ConstRingVector a, uint64_t c, int s, RingVector out) {
  VisitLanes(
      [&](auto in) {
        VisitLanes(
            [&](auto to) {
              using From = LaneOf<decltype(in)>;
              using To = LaneOf<decltype(to)>;
              ShiftInto<From, To>(in, static_cast<From>(c), s, static_cast<To>(Mask(out.width())),
                                  to.data());
            },
            out);
      },
      a);
}

void AddUnlessMsbVector(ConstRingVector m, ConstRingVector d, RingVector out) {
  VisitLanes(
      [&](auto steer) {
        VisitLanes(
            [&](auto add, auto to) {
              using T = LaneOf<decltype(to)>;
              AddWhereClear<LaneOf<decltype(steer)>, T>(steer, m.width() - 1, add.data(), to.data(),
                                                        static_cast<T>(Mask(out.width())));
            },
            d, out);
      },
      m);
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(ShiftVector);
HWY_EXPORT(AddUnlessMsbVector);

void Extract(ConstRingVector a, Rounding rounding, RingVector out) {
  assert(a.size() == out.size() && out.width() <= a.width());
  const int shift = a.width() - out.width();
  const bool up = rounding == Rounding::kUp && shift > 0;
  HWY_DYNAMIC_DISPATCH(ShiftVector)(a, up ? Mask(shift) : 0, shift, out);
}

void Convert(ConstRingVector a, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(ShiftVector)(a, 0, 0, out);
}

void AddUnlessMsb(ConstRingVector m, ConstRingVector d, RingVector out) {
  assert(m.size() == out.size() && d.size() == out.size());
  HWY_DYNAMIC_DISPATCH(AddUnlessMsbVector)(m, d, out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
