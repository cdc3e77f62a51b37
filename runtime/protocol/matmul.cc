// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/matmul.h"

#include <algorithm>
#include <numeric>

#include "runtime/kernels/elementwise.h"

namespace mpcc::protocol {
namespace {

using kernels::BatchGemm;
using kernels::Update;

// What ma is multiplied with at this party: P1 takes the public product into mb - Lb1, P2 has -Lb2.
ConstRingVector RightFactor(EvalContext& context, const Rss& b) {
  const RingVector factor = context.arena.TakeVector(b.m.size(), b.m.width());
  if (context.IsP1())
    kernels::Sub(b.m, b.mask, factor);
  else
    kernels::Neg(b.mask, factor);
  return factor;
}

}  // namespace

void EvaluateMatMul(EvalContext& context, const kernels::MatMulShape& shape, const Rss& a,
                    const Rss& b, const Dealt& dealt, RingVector out) {
  LoadDealt(context, dealt, out);
  BatchGemm(shape, a.m, RightFactor(context, b), Update::kAdd, out, context.workers());
  BatchGemm(shape, a.mask, b.m, Update::kSubtract, out, context.workers());
}

void DealMatMul(DealContext& context, const kernels::MatMulShape& shape, const MaskPair& a,
                const MaskPair& b, const DealTarget& target) {
  // As many products at a time as make their results begin on a byte.
  const int64_t a_size = shape.m * shape.k, b_size = shape.k * shape.n, size = shape.m * shape.n;
  const int64_t step = 8 / std::gcd(size, int64_t{8});
  for (int64_t first = 0; first < shape.batch; first += step) {
    const Arena::Scope scope(context.arena);
    kernels::MatMulShape part = shape;
    part.batch = std::min(step, shape.batch - first);
    const RingVector value = context.arena.TakeVector(part.batch * size, a.l1.width());
    BatchGemm(part, WholeMask(context, a.Slice(first * a_size, part.batch * a_size)),
              WholeMask(context, b.Slice(first * b_size, part.batch * b_size)), Update::kSet, value,
              context.workers());
    DealVector(context, value, target, first * size);
  }
}

void EvaluateDot(EvalContext& context, const Rss& a, const Rss& b, const Dealt& dealt,
                 RingVector out) {
  LoadDealt(context, dealt, out);
  const RingVector dot = context.arena.TakeVector(out.size(), out.width());
  kernels::RowDot(a.m, RightFactor(context, b), dot);
  kernels::Add(out, dot, out);
  kernels::RowDot(a.mask, b.m, dot);
  kernels::Sub(out, dot, out);
}

void DealDot(DealContext& context, int64_t rows, const MaskPair& a, const MaskPair& b,
             const DealTarget& target) {
  const ConstRingVector la = WholeMask(context, a), lb = WholeMask(context, b);
  const RingVector value = context.arena.TakeVector(rows, la.width());
  kernels::RowDot(la, lb, value);
  DealVector(context, value, target);
}

}  // namespace mpcc::protocol
