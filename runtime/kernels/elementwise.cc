// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/elementwise.h"

#include "runtime/kernels/elementwise_reference.h"
#include "runtime/kernels/instantiate.h"

namespace mpcc::kernels {
namespace {
using U = uint64_t;
}  // namespace

template <LaneType T>
void Add(const T* a, const T* b, const Shape& shape, int l, T* out) {
  reference::Binary(a, b, static_cast<const T*>(nullptr), shape, l, out,
                    [](U x, U y, U) { return x + y; });
}
template <LaneType T>
void Sub(const T* a, const T* b, const Shape& shape, int l, T* out) {
  reference::Binary(a, b, static_cast<const T*>(nullptr), shape, l, out,
                    [](U x, U y, U) { return x - y; });
}
template <LaneType T>
void Mul(const T* a, const T* b, const Shape& shape, int l, T* out) {
  reference::Binary(a, b, static_cast<const T*>(nullptr), shape, l, out,
                    [](U x, U y, U) { return x * y; });
}
template <LaneType T>
void MulAdd(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out) {
  reference::Binary(a, b, acc, shape, l, out, [](U x, U y, U z) { return x * y + z; });
}
template <LaneType T>
void Neg(const T* a, int64_t n, int l, T* out) {
  reference::Unary(a, n, l, out, [](U x) { return -x; });
}
template <LaneType T>
void AddScalar(const T* a, T s, int64_t n, int l, T* out) {
  reference::Unary(a, n, l, out, [s](U x) { return x + s; });
}
template <LaneType T>
void MulScalar(const T* a, T s, int64_t n, int l, T* out) {
  reference::Unary(a, n, l, out, [s](U x) { return x * s; });
}
template <LaneType T>
void ScalarSub(T s, const T* a, int64_t n, int l, T* out) {
  reference::Unary(a, n, l, out, [s](U x) { return s - x; });
}
template <LaneType T>
void MulScalarAdd(const T* a, T s, const T* acc, int64_t n, int l, T* out) {
  MulAdd(a, &s, acc, Shape{1, n, Broadcast::kScalar}, l, out);
}
template <LaneType T>
void RowSum(const T* a, int64_t rows, int64_t cols, int l, T* out) {
  for (int64_t r = 0; r < rows; ++r) {
    U sum = 0;
    for (int64_t c = 0; c < cols; ++c) sum += a[r * cols + c];
    out[r] = static_cast<T>(Reduce(sum, l));
  }
}
template <LaneType T>
void RowDot(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out) {
  reference::RowDot(a, b, rows, cols, l, out);
}
template <LaneType T>
void ShiftRight(const T* a, int s, int64_t n, T* out) {
  reference::Unary(a, n, 64, out, [s](U x) { return x >> s; });
}
template <LaneType From, LaneType To>
void Convert(const From* a, int64_t n, int k, To* out) {
  reference::Unary(a, n, k, out, [](U x) { return x; });
}
template <LaneType From, LaneType To>
void Extract(const From* a, int s, To c, int64_t n, int k, To* out) {
  reference::Unary(a, n, k, out, [s, c](U x) { return (x >> s) + c; });
}
template <LaneType M, LaneType T>
void AddUnlessMsb(const M* m, int k, const T* c, const T* d, int64_t n, int r, T* out) {
  reference::AddUnlessMsb(m, k, c, d, n, r, out);
}

#define MPCC_INSTANTIATE(T)                                                  \
  template void Add(const T*, const T*, const Shape&, int, T*);              \
  template void Sub(const T*, const T*, const Shape&, int, T*);              \
  template void Mul(const T*, const T*, const Shape&, int, T*);              \
  template void MulAdd(const T*, const T*, const T*, const Shape&, int, T*); \
  template void Neg(const T*, int64_t, int, T*);                             \
  template void AddScalar(const T*, T, int64_t, int, T*);                    \
  template void MulScalar(const T*, T, int64_t, int, T*);                    \
  template void ScalarSub(T, const T*, int64_t, int, T*);                    \
  template void MulScalarAdd(const T*, T, const T*, int64_t, int, T*);       \
  template void RowSum(const T*, int64_t, int64_t, int, T*);                 \
  template void RowDot(const T*, const T*, int64_t, int64_t, int, T*);       \
  template void ShiftRight(const T*, int, int64_t, T*);
MPCC_FOR_EACH_LANE(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

#define MPCC_INSTANTIATE(S, T)                               \
  template void Convert(const S*, int64_t, int, T*);         \
  template void Extract(const S*, int, T, int64_t, int, T*); \
  template void AddUnlessMsb(const S*, int, const T*, const T*, int64_t, int, T*);
MPCC_FOR_EACH_LANE_PAIR(MPCC_INSTANTIATE)
#undef MPCC_INSTANTIATE

}  // namespace mpcc::kernels
