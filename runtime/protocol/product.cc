// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/product.h"

#include <algorithm>
#include <bit>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/protocol/broadcast.h"

namespace mpcc {
namespace {

template <typename T>
const T* Lanes(const uint8_t* p) {
  return reinterpret_cast<const T*>(p);
}

// acc *= b, b broadcast to acc's shape.
template <typename T>
void MultiplyBy(T* acc, Extents shape, const uint8_t* b, Extents b_shape, int l, Arena& arena) {
  Broadcasted(kernels::Mul<T>, acc, shape, Lanes<T>(b), b_shape, l, arena, acc);
}

template <typename T>
void Evaluate(EvalContext& context, const ProductShape& s, std::span<const uint8_t* const> masked,
              std::span<const Dealt> dealt, T* out) {
  const uint64_t n = ElementCount(s.result);
  T* term = context.arena.Take<T>(n);
  const int64_t count = static_cast<int64_t>(n);
  std::fill_n(out, n, T{0});
  if (!s.constant &&
      context.IsP1()) {  // the product of all masked values is public: one party adds it
    std::fill_n(out, n, T{1});
    for (size_t t = 0; t < masked.size(); ++t)
      MultiplyBy(out, s.result, masked[t], s.factors[t], s.width, context.arena);
  }
  for (size_t i = 0; i < dealt.size(); ++i) {
    const uint32_t subset = static_cast<uint32_t>(i) + (s.constant ? 0 : 1);
    const uint64_t size = ElementCount(s.subsets[i]);
    T* share = context.arena.Take<T>(size);
    LoadDealt(context, dealt[i], size, s.width, reinterpret_cast<uint8_t*>(share));
    BroadcastTo<T>(share, s.subsets[i], s.result, term);
    for (size_t t = 0; t < masked.size(); ++t)
      if (!(subset >> t & 1))
        MultiplyBy(term, s.result, masked[t], s.factors[t], s.width, context.arena);
    kernels::Add(out, term, {1, count}, s.width, out);
  }
}

template <typename T>
void DealSubset(DealContext& context, const ProductShape& s, uint32_t subset, const Shape& shape,
                std::span<const uint8_t* const> whole, const uint8_t* constant, uint32_t stream,
                uint8_t* correction) {
  const uint64_t n = ElementCount(shape);
  T* value = context.arena.Take<T>(n);
  if (constant)
    BroadcastTo<T>(Lanes<T>(constant), *s.constant, shape, value);
  else
    std::fill_n(value, n, T{1});
  for (size_t t = 0; t < whole.size(); ++t)
    if (subset >> t & 1) MultiplyBy(value, shape, whole[t], s.factors[t], s.width, context.arena);
  if (std::popcount(subset) % 2) kernels::Neg(value, static_cast<int64_t>(n), s.width, value);
  DealVector(context, stream, reinterpret_cast<const uint8_t*>(value), n, s.width, correction);
}

}  // namespace

void EvaluateProduct(EvalContext& context, const ProductShape& shape,
                     std::span<const uint8_t* const> masked, std::span<const Dealt> dealt,
                     uint8_t* out) {
  VisitLane(shape.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    Evaluate(context, shape, masked, dealt, reinterpret_cast<T*>(out));
  });
}

void DealProduct(DealContext& context, const ProductShape& shape, std::span<const MaskPair> masks,
                 const uint8_t* constant, std::span<const uint32_t> streams,
                 std::span<uint8_t* const> corrections) {
  const uint8_t** whole = context.arena.Take<const uint8_t*>(masks.size());
  for (size_t t = 0; t < masks.size(); ++t)
    whole[t] = WholeMask(context, masks[t], ElementCount(shape.factors[t]), shape.width);
  VisitLane(shape.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (size_t i = 0; i < corrections.size(); ++i)
      DealSubset<T>(context, shape, static_cast<uint32_t>(i) + (shape.constant ? 0 : 1),
                    shape.subsets[i], {whole, masks.size()}, constant, streams[i], corrections[i]);
  });
}

}  // namespace mpcc
