// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/product.h"

#include <algorithm>
#include <bit>

#include "runtime/kernels/elementwise.h"
#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/cost.h"

namespace mpcc::protocol {
namespace {

// acc *= b, b broadcast to acc's shape.
void MultiplyBy(RingVector acc, ShapeView shape, const RingTensor& b, Arena& arena) {
  Broadcasted(kernels::Mul, {acc, shape}, b, arena, acc);
}

void Fill(RingVector v, uint8_t value) {
  VisitLanes([&](auto lanes) { std::ranges::fill(lanes, value); }, v);
}

// The bit mask of the factors whose masks are in dealt vector i.
uint32_t SubsetOf(const ProductShape& s, size_t i) {
  return static_cast<uint32_t>(i) + (s.constant ? 0 : 1);
}

// In the arena: (-1)^|subset| times the constant and the whole masks of the subset's factors.
RingVector MonomialOf(DealContext& context, const ProductShape& s, size_t i,
                      std::span<const ConstRingVector> whole, ConstRingVector constant) {
  const uint32_t subset = SubsetOf(s, i);
  const Shape& shape = s.subsets[i];
  const int width = s.constant ? constant.width() : whole[0].width();
  const RingVector value = context.arena.TakeVector(ElementCount(shape), width);
  if (s.constant)
    BroadcastTo({constant, *s.constant}, shape, value);
  else
    Fill(value, 1);
  for (size_t t = 0; t < whole.size(); ++t)
    if (subset >> t & 1) MultiplyBy(value, shape, {whole[t], s.factors[t]}, context.arena);
  if (std::popcount(subset) % 2) kernels::Neg(value, value);
  return value;
}

// out = this party's share of subset i's dealt vector, in the shape of the result.
void LoadSubset(EvalContext& context, const ProductShape& s, size_t i, const Dealt& dealt,
                RingVector out) {
  if (s.subsets[i] == s.result) return LoadDealt(context, dealt, out);
  const RingVector share = context.arena.TakeVector(ElementCount(s.subsets[i]), out.width());
  LoadDealt(context, dealt, share);
  BroadcastTo({share, s.subsets[i]}, s.result, out);
}

}  // namespace

ProductShape::ProductShape(std::vector<Shape> all, std::optional<Shape> other)
    : factors(std::move(all)),
      constant(std::move(other)),
      result(constant.value_or(Shape{})),
      subsets(ProductSubsetShapes(factors, constant)) {
  for (const Shape& factor : factors) result = *BroadcastShape(result, factor);
}

void EvaluateProduct(EvalContext& context, const ProductShape& s,
                     std::span<const ConstRingVector> masked, std::span<const Dealt> dealt,
                     RingVector out) {
  const RingVector term = context.arena.TakeVector(out.size(), out.width());
  // The product of all masked values is public: one party adds it.
  const bool adds_public = !s.constant && context.IsP1();
  Fill(out, adds_public ? 1 : 0);
  for (size_t t = 0; t < masked.size() && adds_public; ++t)
    MultiplyBy(out, s.result, {masked[t], s.factors[t]}, context.arena);
  for (size_t i = 0; i < dealt.size(); ++i) {
    const Arena::Scope scope(context.arena);
    LoadSubset(context, s, i, dealt[i], term);
    for (size_t t = 0; t < masked.size(); ++t)
      if (!(SubsetOf(s, i) >> t & 1))
        MultiplyBy(term, s.result, {masked[t], s.factors[t]}, context.arena);
    kernels::Add(out, term, out);
  }
}

void DealProduct(DealContext& context, const ProductShape& s, std::span<const MaskPair> masks,
                 ConstRingVector constant, std::span<const DealTarget> targets) {
  std::vector<ConstRingVector> whole;
  for (const MaskPair& mask : masks) whole.push_back(WholeMask(context, mask));
  for (size_t i = 0; i < targets.size(); ++i) {
    const Arena::Scope scope(context.arena);
    DealVector(context, MonomialOf(context, s, i, whole, constant), targets[i]);
  }
}

}  // namespace mpcc::protocol
