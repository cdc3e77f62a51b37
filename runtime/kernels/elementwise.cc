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

// Every element of a against one of b. acc joins in when given.
template <LaneType T, class Op>
HWY_INLINE void RunScalar(std::span<const T> a, T b, const T* acc, Result<T> out) {
  if (acc == nullptr) {
    return Map(a, out, [b](auto d, auto x) HWY_ATTR { return Op()(d, x, hn::Set(d, b)); });
  }
  Map(a, acc, out,
      [b](auto d, auto x, auto z) HWY_ATTR { return hn::Add(Op()(d, x, hn::Set(d, b)), z); });
}

template <LaneType T, class Op>
void Binary(std::span<const T> a, std::span<const T> b, Broadcast how, Result<T> out) {
  const int64_t n = a.size();
  switch (how) {
    case Broadcast::kSame:
      return Map(a, b.data(), out, Op());
    case Broadcast::kScalar:
      return RunScalar<T, Op>(a, b[0], nullptr, out);
    case Broadcast::kRow:
      for (int64_t i = 0, cols = b.size(); i < n; i += cols) {
        Map(a.subspan(i, cols), b.data(), out.From(i), Op());
      }
      return;
    case Broadcast::kColumn:
      for (int64_t r = 0, cols = b.empty() ? 0 : n / b.size(); r * cols < n; ++r) {
        RunScalar<T, Op>(a.subspan(r * cols, cols), b[r], nullptr, out.From(r * cols));
      }
  }
}

// Calls fn(lanes of a, Result of the same type).
template <typename Fn>
void Into(ConstRingVector a, RingVector out, Fn fn) {
  VisitLanes(
      [&](auto in, auto to) {
        using T = LaneOf<decltype(to)>;
        fn(in, Result<T>{to.data(), static_cast<T>(Mask(out.width()))});
      },
      a, out);
}

template <class Op>
void BinaryVector(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  Into(a, out, [&]<typename T>(std::span<const T> in, Result<T> to) {
    Binary<T, Op>(in, b.As<T>(), how, to);
  });
}

void AddVectors(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  BinaryVector<AddOp>(a, b, how, out);
}
void SubVectors(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  BinaryVector<SubOp>(a, b, how, out);
}
void MulVectors(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  BinaryVector<MulOp>(a, b, how, out);
}

template <LaneType T>
void NegLanes(std::span<const T> a, Result<T> out) {
  Map(a, out, [](auto d, auto x) HWY_ATTR { return hn::Sub(hn::Zero(d), x); });
}

void NegVector(ConstRingVector a, RingVector out) {
  Into(a, out, []<typename T>(std::span<const T> in, Result<T> to) { NegLanes(in, to); });
}

template <LaneType T, class Op>
void ScalarLanes(std::span<const T> a, T s, const T* acc, Result<T> out) {
  RunScalar<T, Op>(a, s, acc, out);
}

void AddScalarVector(ConstRingVector a, uint64_t s, RingVector out) {
  Into(a, out, [s]<typename T>(std::span<const T> in, Result<T> to) {
    ScalarLanes<T, AddOp>(in, static_cast<T>(s), nullptr, to);
  });
}

// An empty acc is 0.
void MulScalarVector(ConstRingVector a, uint64_t s, ConstRingVector acc, RingVector out) {
  Into(a, out, [&]<typename T>(std::span<const T> in, Result<T> to) {
    ScalarLanes<T, MulOp>(in, static_cast<T>(s), acc.empty() ? nullptr : acc.As<T>().data(), to);
  });
}

template <LaneType T>
T SumOf(std::span<const T> a) {
  return Sum<T>(a.size(), [a](auto d, int64_t i) HWY_ATTR { return hn::LoadU(d, a.data() + i); });
}

template <LaneType T>
T DotOf(std::span<const T> a, const T* b) {
  return Sum<T>(a.size(), [a, b](auto d, int64_t i) HWY_ATTR {
    return MulLow(d, hn::LoadU(d, a.data() + i), hn::LoadU(d, b + i));
  });
}

void RowSumVector(ConstRingVector a, RingVector out) {
  const size_t rows = out.size(), cols = rows ? a.size() / rows : 0;
  Into(a, out, [&]<typename T>(std::span<const T> in, Result<T> to) {
    for (size_t r = 0; r < rows; ++r) to.lanes[r] = to.mask & SumOf(in.subspan(r * cols, cols));
  });
}

void RowDotVector(ConstRingVector a, ConstRingVector b, RingVector out) {
  const size_t rows = out.size(), cols = rows ? a.size() / rows : 0;
  Into(a, out, [&]<typename T>(std::span<const T> in, Result<T> to) {
    const T* other = b.As<T>().data();
    for (size_t r = 0; r < rows; ++r)
      to.lanes[r] = to.mask & DotOf(in.subspan(r * cols, cols), other + r * cols);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace mpcc::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mpcc::kernels {

HWY_EXPORT(AddVectors);
HWY_EXPORT(SubVectors);
HWY_EXPORT(MulVectors);
HWY_EXPORT(NegVector);
HWY_EXPORT(AddScalarVector);
HWY_EXPORT(MulScalarVector);
HWY_EXPORT(RowSumVector);
HWY_EXPORT(RowDotVector);

void Add(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(AddVectors)(a, b, how, out);
}

void Sub(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(SubVectors)(a, b, how, out);
}

void Mul(ConstRingVector a, ConstRingVector b, Broadcast how, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MulVectors)(a, b, how, out);
}

void Neg(ConstRingVector a, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(NegVector)(a, out);
}

void AddScalar(ConstRingVector a, uint64_t s, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(AddScalarVector)(a, s, out);
}

void MulScalar(ConstRingVector a, uint64_t s, RingVector out) {
  assert(a.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MulScalarVector)(a, s, {}, out);
}

void MulScalarAdd(ConstRingVector a, uint64_t s, ConstRingVector acc, RingVector out) {
  assert(a.size() == out.size() && acc.size() == out.size());
  HWY_DYNAMIC_DISPATCH(MulScalarVector)(a, s, acc, out);
}

void RowSum(ConstRingVector a, RingVector out) { HWY_DYNAMIC_DISPATCH(RowSumVector)(a, out); }

void RowDot(ConstRingVector a, ConstRingVector b, RingVector out) {
  assert(a.size() == b.size());
  HWY_DYNAMIC_DISPATCH(RowDotVector)(a, b, out);
}

}  // namespace mpcc::kernels
#endif  // HWY_ONCE
