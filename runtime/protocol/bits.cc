// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/bits.h"

#include <algorithm>

#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/packed_bits.h"

namespace mpcc::protocol {
namespace {

std::vector<int> BitsOf(int64_t set) {
  std::vector<int> bits;
  for (int j = 0; set >> j; ++j)
    if (set >> j & 1) bits.push_back(j);
  return bits;
}

RingVector Converted(ConstRingVector a, int width, Arena& arena) {
  const RingVector out = arena.TakeVector(a.size(), width);
  kernels::Convert(a, out);
  return out;
}

// Elements [first, first + count) of a row that repeats.
ConstRingVector Repeated(ConstRingVector row, uint64_t first, uint64_t count, Arena& arena) {
  const RingVector out = arena.TakeVector(count, row.width());
  VisitLanes(
      [&](auto from, auto to) {
        for (uint64_t i = 0, at = first % from.size(); i < count; ++i) {
          to[i] = from[at];
          if (++at == from.size()) at = 0;
        }
      },
      row, out);
  return out;
}

}  // namespace

BitSum::Term BitSum::TermOf(const BitPolynomial& polynomial, const MaskProduct& product,
                            int width) {
  Term term{BitsOf(product.bits), width - product.low_zeros, {BitsOf(product.bits), {}}};
  for (size_t t = 0; t < polynomial.terms.size(); ++t)
    if ((product.bits & ~polynomial.terms[t]) == 0)
      term.factor.terms.push_back({BitsOf(polynomial.terms[t] & ~product.bits),
                                   static_cast<uint64_t>(polynomial.coefficients[t])});
  return term;
}

BitSum::BitSum(const BitPolynomial& polynomial, int width, bool constant) {
  for (const MaskProduct& product : polynomial.Products(width, constant))
    dealt_.push_back(TermOf(polynomial, product, width));
  if (constant) return;
  one_ = TermOf(polynomial, {}, width).factor;
  if (width > 1) return;
  int64_t planes = 0;
  for (int64_t term : polynomial.terms) planes |= term;
  for (int j : BitsOf(planes)) masks_.push_back(TermOf(polynomial, {int64_t{1} << j, 0}, width));
}

void BitSum::Evaluate(EvalContext& context, const BitRss& bits, std::span<const Dealt> dealt,
                      BitVector out) const {
  const kernels::BitPlanes planes{bits.m, out.size()}, masks{bits.mask, out.size()};
  std::ranges::fill(out.bytes(), uint8_t{0});
  ForParts(context, out.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    const BitVector part = out.Slice(first, count);
    if (own.IsP1()) kernels::AddBitProduct(planes.From(first), *one_, ConstBitVector(), part);
    for (const Term& term : masks_)
      kernels::AddBitProduct(planes.From(first), term.factor,
                             masks.Plane(term.bits[0], first, count), part);
  });
  for (size_t i = 0; i < dealt_.size(); ++i) AddProduct(context, dealt_[i], planes, dealt[i], out);
}

void BitSum::Evaluate(EvalContext& context, const BitRss& bits, uint64_t constant_elements,
                      std::span<const Dealt> dealt, RingVector out) const {
  const kernels::BitPlanes planes{bits.m, out.size()};
  std::ranges::fill(out.bytes(), uint8_t{0});
  if (one_ && context.IsP1())
    ForParts(context, out.size(), [&](EvalContext&, uint64_t first, uint64_t count) {
      kernels::AddBitProduct(planes.From(first), *one_, ConstRingVector(), out.Slice(first, count));
    });
  for (size_t i = 0; i < dealt_.size(); ++i) {
    if (!dealt_[i].bits.empty()) {
      AddProduct(context, dealt_[i], planes, dealt[i], out);
      continue;
    }
    const Arena::Scope scope(context.arena);
    const RingVector share = context.arena.TakeVector(constant_elements, dealt_[i].width);
    LoadDealt(context, dealt[i], share);
    AddConstant(context, dealt_[i], planes, share, out);
  }
}

void BitSum::AddConstant(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                         ConstRingVector share, RingVector out) {
  const RingVector row = Converted(share, out.width(), context.arena);
  ForParts(context, out.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    kernels::AddBitProduct(planes.From(first), term.factor, Repeated(row, first, count, own.arena),
                           out.Slice(first, count));
  });
}

void BitSum::AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                        const Dealt& dealt, RingVector out) {
  const auto add = [&](EvalContext& own, const Dealt& part, uint64_t first, uint64_t count) {
    const RingVector share = own.arena.TakeVector(count, term.width);
    LoadDealt(own, part, share, first);
    const RingVector wide =
        term.width == out.width() ? share : Converted(share, out.width(), own.arena);
    kernels::AddBitProduct(planes.From(first), term.factor, wide, out.Slice(first, count));
  };
  ForDealtParts(context, dealt, out.size(), term.width, add);
}

void BitSum::AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                        const Dealt& dealt, BitVector out) {
  const auto add = [&](EvalContext& own, const Dealt& part, uint64_t first, uint64_t count) {
    const BitVector share = own.arena.TakeBits(count);
    LoadDealt(own, part, share, first);
    kernels::AddBitProduct(planes.From(first), term.factor, share, out.Slice(first, count));
  };
  ForDealtParts(context, dealt, out.size(), 1, add);
}

void BitSum::Deal(DealContext& context, const MaskPlanes& bits, ConstRingVector constant,
                  std::span<const DealTarget> targets) const {
  for (size_t i = 0; i < dealt_.size(); ++i) {
    const Arena::Scope scope(context.arena);
    const Term& term = dealt_[i];
    const ConstRingVector factor =
        constant.empty() ? constant : Converted(constant, term.width, context.arena);
    if (term.bits.empty())
      DealVector(context, factor, targets[i]);
    else
      DealProduct(context, term, bits, factor, targets[i]);
  }
}

void BitSum::DealProduct(DealContext& context, const Term& term, const MaskPlanes& bits,
                         ConstRingVector factor, const DealTarget& target) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t first, uint64_t count) {
    const BitVector product = WholeMask(own, bits.Slice(term.bits[0], first, count));
    for (size_t i = 1; i < term.bits.size(); ++i)
      kernels::Mul(product, WholeMask(own, bits.Slice(term.bits[i], first, count)), product);
    if (term.width == 1 && factor.empty()) return DealVector(own, product, part, first);
    const RingVector value = own.arena.TakeVector(count, term.width);
    kernels::Unpack(product, value);
    if (!factor.empty()) kernels::Mul(value, Repeated(factor, first, count, own.arena), value);
    DealVector(own, value, part, first);
  };
  ForDealtParts(context, target, bits.stride, term.width, deal);
}

}  // namespace mpcc::protocol
