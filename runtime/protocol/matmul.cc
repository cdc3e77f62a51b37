// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/matmul.h"

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/gemm.h"

namespace mpcc {
namespace {

template <typename T>
const T* Lanes(const uint8_t* p) {
  return reinterpret_cast<const T*>(p);
}

// What ma is multiplied with at this party: P1 takes the public product into mb - Lb1, P2 has -Lb2.
template <typename T>
const T* RightFactor(EvalContext& context, const Rss& b, int64_t n, int l) {
  T* factor = context.arena.Take<T>(n);
  if (context.IsP1())
    kernels::Sub(Lanes<T>(b.m), Lanes<T>(b.mask), {1, n}, l, factor);
  else
    kernels::Neg(Lanes<T>(b.mask), n, l, factor);
  return factor;
}

}  // namespace

void EvaluateMatMul(EvalContext& context, const MatMulShape& s, const Rss& a, const Rss& b,
                    const Dealt& dealt, uint8_t* out) {
  LoadDealt(context, dealt, s.batch * s.m * s.n, s.width, out);
  VisitLane(s.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* factor = RightFactor<T>(context, b, s.batch * s.k * s.n, s.width);
    T* c = reinterpret_cast<T*>(out);
    kernels::BatchGemm(s.batch, s.m, s.n, s.k, Lanes<T>(a.m), factor, s.transpose_b, c,
                       kernels::Update::kAdd, s.width);
    kernels::BatchGemm(s.batch, s.m, s.n, s.k, Lanes<T>(a.mask), Lanes<T>(b.m), s.transpose_b, c,
                       kernels::Update::kSubtract, s.width);
  });
}

void DealMatMul(DealContext& context, const MatMulShape& s, const MaskPair& a, const MaskPair& b,
                uint32_t stream, uint8_t* correction) {
  const uint8_t* la = WholeMask(context, a, s.batch * s.m * s.k, s.width);
  const uint8_t* lb = WholeMask(context, b, s.batch * s.k * s.n, s.width);
  const uint64_t elements = s.batch * s.m * s.n;
  uint8_t* value = context.arena.Take(LaneVectorBytes(elements, s.width));
  VisitLane(s.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::BatchGemm(s.batch, s.m, s.n, s.k, Lanes<T>(la), Lanes<T>(lb), s.transpose_b,
                       reinterpret_cast<T*>(value), kernels::Update::kSet, s.width);
  });
  DealVector(context, stream, value, elements, s.width, correction);
}

void EvaluateDot(EvalContext& context, int64_t rows, int64_t k, int width, const Rss& a,
                 const Rss& b, const Dealt& dealt, uint8_t* out) {
  LoadDealt(context, dealt, rows, width, out);
  VisitLane(width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* factor = RightFactor<T>(context, b, rows * k, width);
    T* c = reinterpret_cast<T*>(out);
    T* dot = context.arena.Take<T>(rows);
    kernels::RowDot(Lanes<T>(a.m), factor, rows, k, width, dot);
    kernels::Add(c, dot, {1, rows}, width, c);
    kernels::RowDot(Lanes<T>(a.mask), Lanes<T>(b.m), rows, k, width, dot);
    kernels::Sub(c, dot, {1, rows}, width, c);
  });
}

void DealDot(DealContext& context, int64_t rows, int64_t k, int width, const MaskPair& a,
             const MaskPair& b, uint32_t stream, uint8_t* correction) {
  const uint8_t* la = WholeMask(context, a, rows * k, width);
  const uint8_t* lb = WholeMask(context, b, rows * k, width);
  uint8_t* value = context.arena.Take(LaneVectorBytes(rows, width));
  VisitLane(width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::RowDot(Lanes<T>(la), Lanes<T>(lb), rows, k, width, reinterpret_cast<T*>(value));
  });
  DealVector(context, stream, value, rows, width, correction);
}

}  // namespace mpcc
