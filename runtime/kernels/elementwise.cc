// SPDX-License-Identifier: Apache-2.0
#include "runtime/kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/kernels/elementwise.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "runtime/kernels/elementwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mpcc::kernels {
namespace HWY_NAMESPACE {

// The four kernels with two full operands, as functions of vectors.
struct AddOp {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::Add(a, b);
  }
};
struct SubOp {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V operator()(D, V a, V b) const {
    return hn::Sub(a, b);
  }
};
struct MulOp {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE V operator()(D d, V a, V b) const {
    return MulLow(d, a, b);
  }
};

// One run of n elements against n elements of b, or against a single one. acc joins in when given.
template <LaneType T, class Op>
HWY_INLINE void RunVector(const T* a, const T* b, const T* acc, int64_t n, int l, T* out) {
  if (acc == nullptr) return Map(a, b, n, l, out, Op());
  Map(a, b, acc, n, l, out,
      [](auto d, auto x, auto y, auto z) HWY_ATTR { return hn::Add(Op()(d, x, y), z); });
}

template <LaneType T, class Op>
HWY_INLINE void RunScalar(const T* a, T b, const T* acc, int64_t n, int l, T* out) {
  if (acc == nullptr) {
    return Map(a, n, l, out, [b](auto d, auto x) HWY_ATTR { return Op()(d, x, hn::Set(d, b)); });
  }
  Map(a, acc, n, l, out,
      [b](auto d, auto x, auto z) HWY_ATTR { return hn::Add(Op()(d, x, hn::Set(d, b)), z); });
}

template <LaneType T, class Op>
void Binary(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out) {
  const int64_t cols = shape.cols;
  const auto at = [acc](int64_t i) { return acc == nullptr ? nullptr : acc + i; };
  switch (shape.b) {
    case Broadcast::kSame:
      return RunVector<T, Op>(a, b, acc, shape.rows * cols, l, out);
    case Broadcast::kScalar:
      return RunScalar<T, Op>(a, *b, acc, shape.rows * cols, l, out);
    case Broadcast::kRow:
      for (int64_t i = 0; i < shape.rows * cols; i += cols) {
        RunVector<T, Op>(a + i, b, at(i), cols, l, out + i);
      }
      return;
    case Broadcast::kColumn:
      for (int64_t r = 0; r < shape.rows; ++r) {
        RunScalar<T, Op>(a + r * cols, b[r], at(r * cols), cols, l, out + r * cols);
      }
  }
}

template <LaneType T>
void ScalarSubT(T s, const T* a, int64_t n, int l, T* out) {
  Map(a, n, l, out, [s](auto d, auto x) HWY_ATTR { return hn::Sub(hn::Set(d, s), x); });
}

template <LaneType T>
void RowSumT(const T* a, int64_t rows, int64_t cols, int l, T* out) {
  for (int64_t r = 0; r < rows; ++r, a += cols) {
    out[r] =
        Mask(l) & Sum<T>(cols, [a](auto d, int64_t i) HWY_ATTR { return hn::LoadU(d, a + i); });
  }
}

template <LaneType T>
void RowDotT(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out) {
  for (int64_t r = 0; r < rows; ++r, a += cols, b += cols) {
    out[r] = Mask(l) & Sum<T>(cols, [a, b](auto d, int64_t i) HWY_ATTR {
               return MulLow(d, hn::LoadU(d, a + i), hn::LoadU(d, b + i));
             });
  }
}

#define MPCC_KERNEL(Suffix, T)                                                                   \
  void Add##Suffix(const T* a, const T* b, const Shape& shape, int l, T* out) {                  \
    Binary<T, AddOp>(a, b, nullptr, shape, l, out);                                              \
  }                                                                                              \
  void Sub##Suffix(const T* a, const T* b, const Shape& shape, int l, T* out) {                  \
    Binary<T, SubOp>(a, b, nullptr, shape, l, out);                                              \
  }                                                                                              \
  void MulAdd##Suffix(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out) { \
    Binary<T, MulOp>(a, b, acc, shape, l, out);                                                  \
  }                                                                                              \
  void ScalarSub##Suffix(T s, const T* a, int64_t n, int l, T* out) {                            \
    ScalarSubT(s, a, n, l, out);                                                                 \
  }                                                                                              \
  void RowSum##Suffix(const T* a, int64_t rows, int64_t cols, int l, T* out) {                   \
    RowSumT(a, rows, cols, l, out);                                                              \
  }                                                                                              \
  void RowDot##Suffix(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out) {       \
    RowDotT(a, b, rows, cols, l, out);                                                           \
  }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

#define MPCC_KERNEL(Suffix, T)                                                                     \
  HWY_EXPORT(Add##Suffix);                                                                         \
  HWY_EXPORT(Sub##Suffix);                                                                         \
  HWY_EXPORT(MulAdd##Suffix);                                                                      \
  HWY_EXPORT(ScalarSub##Suffix);                                                                   \
  HWY_EXPORT(RowSum##Suffix);                                                                      \
  HWY_EXPORT(RowDot##Suffix);                                                                      \
  template <>                                                                                      \
  void Add(const T* a, const T* b, const Shape& shape, int l, T* out) {                            \
    HWY_DYNAMIC_DISPATCH(Add##Suffix)(a, b, shape, l, out);                                        \
  }                                                                                                \
  template <>                                                                                      \
  void Sub(const T* a, const T* b, const Shape& shape, int l, T* out) {                            \
    HWY_DYNAMIC_DISPATCH(Sub##Suffix)(a, b, shape, l, out);                                        \
  }                                                                                                \
  template <>                                                                                      \
  void Mul(const T* a, const T* b, const Shape& shape, int l, T* out) {                            \
    HWY_DYNAMIC_DISPATCH(MulAdd##Suffix)(a, b, nullptr, shape, l, out);                            \
  }                                                                                                \
  template <>                                                                                      \
  void MulAdd(const T* a, const T* b, const T* acc, const Shape& shape, int l, T* out) {           \
    HWY_DYNAMIC_DISPATCH(MulAdd##Suffix)(a, b, acc, shape, l, out);                                \
  }                                                                                                \
  template <>                                                                                      \
  void Neg(const T* a, int64_t n, int l, T* out) {                                                 \
    HWY_DYNAMIC_DISPATCH(ScalarSub##Suffix)(0, a, n, l, out);                                      \
  }                                                                                                \
  template <>                                                                                      \
  void AddScalar(const T* a, T s, int64_t n, int l, T* out) {                                      \
    HWY_DYNAMIC_DISPATCH(Add##Suffix)(a, &s, Shape{1, n, Broadcast::kScalar}, l, out);             \
  }                                                                                                \
  template <>                                                                                      \
  void MulScalar(const T* a, T s, int64_t n, int l, T* out) {                                      \
    HWY_DYNAMIC_DISPATCH(MulAdd##Suffix)(a, &s, nullptr, Shape{1, n, Broadcast::kScalar}, l, out); \
  }                                                                                                \
  template <>                                                                                      \
  void MulScalarAdd(const T* a, T s, const T* acc, int64_t n, int l, T* out) {                     \
    HWY_DYNAMIC_DISPATCH(MulAdd##Suffix)(a, &s, acc, Shape{1, n, Broadcast::kScalar}, l, out);     \
  }                                                                                                \
  template <>                                                                                      \
  void ScalarSub(T s, const T* a, int64_t n, int l, T* out) {                                      \
    HWY_DYNAMIC_DISPATCH(ScalarSub##Suffix)(s, a, n, l, out);                                      \
  }                                                                                                \
  template <>                                                                                      \
  void RowSum(const T* a, int64_t rows, int64_t cols, int l, T* out) {                             \
    HWY_DYNAMIC_DISPATCH(RowSum##Suffix)(a, rows, cols, l, out);                                   \
  }                                                                                                \
  template <>                                                                                      \
  void RowDot(const T* a, const T* b, int64_t rows, int64_t cols, int l, T* out) {                 \
    HWY_DYNAMIC_DISPATCH(RowDot##Suffix)(a, b, rows, cols, l, out);                                \
  }
MPCC_KERNEL(U8, uint8_t)
MPCC_KERNEL(U16, uint16_t)
MPCC_KERNEL(U32, uint32_t)
MPCC_KERNEL(U64, uint64_t)
#undef MPCC_KERNEL

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
