// SPDX-License-Identifier: Apache-2.0
// The kernels of elementwise.h between two lane types: plain loops that the compiler vectorises
// for each instruction set.
#include "runtime/kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/convert.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "runtime/base/ring.h"
#include "runtime/kernels/instantiate.h"

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

// The shift is done in the lanes of a, everything after it in those of the result.
template <LaneType From, LaneType To>
void ExtractT(const From* a, int s, From c, int64_t n, int k, To* out) {
  const To mask = static_cast<To>(Mask(k));
  MPCC_VECTORISE
  for (int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<To>(static_cast<From>(a[i] + c) >> s) & mask;
  }
}

template <LaneType M, LaneType T>
void AddUnlessMsbT(const M* m, int k, const T* c, const T* d, int64_t n, int r, T* out) {
  const T mask = static_cast<T>(Mask(r));
  const int msb = k - 1;
  // msb - 1 is all ones when the bit is clear, and 0 when it is set.
  if (c == nullptr) {
    MPCC_VECTORISE
    for (int64_t i = 0; i < n; ++i) {
      const T keep = static_cast<T>(static_cast<T>(m[i] >> msb & 1) - 1);
      out[i] = d[i] & keep & mask;
    }
  } else {
    MPCC_VECTORISE
    for (int64_t i = 0; i < n; ++i) {
      const T keep = static_cast<T>(static_cast<T>(m[i] >> msb & 1) - 1);
      out[i] = static_cast<T>(c[i] + (d[i] & keep)) & mask;
    }
  }
}

#define MPCC_KERNEL(S, T)                                                                  \
  void Extract_##S##_##T(const S* a, int s, S c, int64_t n, int k, T* out) {               \
    ExtractT(a, s, c, n, k, out);                                                          \
  }                                                                                        \
  void AddUnlessMsb_##S##_##T(const S* m, int k, const T* c, const T* d, int64_t n, int r, \
                              T* out) {                                                    \
    AddUnlessMsbT(m, k, c, d, n, r, out);                                                  \
  }
MPCC_FOR_EACH_LANE_PAIR(MPCC_KERNEL)
#undef MPCC_KERNEL

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

#define MPCC_KERNEL(S, T)                                                                  \
  HWY_EXPORT(Extract_##S##_##T);                                                           \
  HWY_EXPORT(AddUnlessMsb_##S##_##T);                                                      \
  template <>                                                                              \
  void Extract(const S* a, int s, S c, int64_t n, int k, T* out) {                         \
    HWY_DYNAMIC_DISPATCH(Extract_##S##_##T)(a, s, c, n, k, out);                           \
  }                                                                                        \
  template <>                                                                              \
  void Convert(const S* a, int64_t n, int k, T* out) {                                     \
    Extract<S, T>(a, 0, 0, n, k, out);                                                     \
  }                                                                                        \
  template <>                                                                              \
  void AddUnlessMsb(const S* m, int k, const T* c, const T* d, int64_t n, int r, T* out) { \
    HWY_DYNAMIC_DISPATCH(AddUnlessMsb_##S##_##T)(m, k, c, d, n, r, out);                   \
  }
MPCC_FOR_EACH_LANE_PAIR(MPCC_KERNEL)
#undef MPCC_KERNEL

#define MPCC_KERNEL(T)                                    \
  template <>                                             \
  void ShiftRight(const T* a, int s, int64_t n, T* out) { \
    Extract<T, T>(a, s, 0, n, 8 * sizeof(T), out);        \
  }
MPCC_FOR_EACH_LANE(MPCC_KERNEL)
#undef MPCC_KERNEL

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
