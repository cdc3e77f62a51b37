// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/bits.h"

#include <algorithm>
#include <bit>
#include <map>

#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/protocol/short_vectors.h"

namespace mpcc::protocol {
namespace {

RingVector Converted(ConstRingVector a, int width, Arena& arena) {
  const RingVector out = arena.TakeVector(a.size(), width);
  kernels::Convert(a, out);
  return out;
}

// The same where the lanes of `width`, which is not less, may be others: else it is there already.
ConstRingVector Widened(ConstRingVector a, int width, Arena& arena) {
  if (LaneBytes(a.width()) != LaneBytes(width)) return Converted(a, width, arena);
  return {a.bytes().data(), a.size(), width};
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

// Rows of bits that take whole words, so that products go by words alone: beyond the elements is
// anything.
class BitSum::WordRows {
 public:
  WordRows(uint64_t rows, uint64_t elements, Arena& arena)
      : bits_((elements + 63) / 64 * 64), bytes_(arena.Take(rows * bits_ / 8)) {}

  BitVector Row(uint64_t i) const { return {bytes_.data() + i * bits_ / 8, bits_}; }

 private:
  uint64_t bits_;
  std::span<uint8_t> bytes_;
};

BitSum::WordRows BitSum::WholeMasks(DealContext& context, const MaskPlanes& bits) {
  const uint64_t n = bits.stride, planes = bits.masks.l1.size() / n;
  const WordRows rows(planes, n, context.arena);
  for (uint64_t j = 0; j < planes; ++j) {
    const BitMaskPair mask = bits.Slice(static_cast<int>(j), 0, n);
    kernels::Add(mask.l1, mask.l2, rows.Row(j).Slice(0, n));
  }
  return rows;
}

BitSum::Term BitSum::TermOf(const BitPolynomial& polynomial, const MaskProduct& product,
                            int width) {
  const auto first = static_cast<uint32_t>(factor_terms_.size());
  for (size_t t = 0; t < polynomial.terms.size(); ++t)
    if ((product.bits & ~polynomial.terms[t]) == 0)
      factor_terms_.push_back({static_cast<uint64_t>(polynomial.terms[t] & ~product.bits),
                               static_cast<uint64_t>(polynomial.coefficients[t])});
  return {static_cast<uint64_t>(product.bits), width - product.low_zeros, -1, first,
          static_cast<uint32_t>(factor_terms_.size()) - first};
}

kernels::BitFactor BitSum::FactorOf(const Term& term) const {
  return {term.bits, std::span(factor_terms_).subspan(term.first, term.count)};
}

BitSum::BitSum(const BitPolynomial& polynomial, int width, bool constant) : width_(width) {
  std::map<uint64_t, int> numbers;
  for (const MaskProduct& product : polynomial.Products(width, constant)) {
    Term& term = dealt_.emplace_back(TermOf(polynomial, product, width));
    const auto rest = numbers.find(term.bits & ~std::bit_floor(term.bits));
    if (rest != numbers.end()) term.rest = rest->second;
    numbers[term.bits] = static_cast<int>(dealt_.size()) - 1;
  }
  if (constant) return;
  one_ = TermOf(polynomial, {}, width);
  if (width > 1) return;
  uint64_t planes = 0;
  for (int64_t term : polynomial.terms) planes |= static_cast<uint64_t>(term);
  kernels::ForBits(planes, [&](int j) {
    masks_.push_back(TermOf(polynomial, {int64_t{1} << j, 0}, width));
  });
}

void BitSum::Evaluate(EvalContext& context, const BitRss& bits, std::span<const Dealt> dealt,
                      BitVector out) const {
  const kernels::BitPlanes planes{bits.m, out.size()}, masks{bits.mask, out.size()};
  std::ranges::fill(out.bytes(), uint8_t{0});
  ForParts(context, out.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    const BitVector part = out.Slice(first, count);
    if (own.IsP1())
      kernels::AddBitProduct(planes.From(first), FactorOf(*one_), ConstBitVector(), part);
    for (const Term& term : masks_)
      kernels::AddBitProduct(planes.From(first), FactorOf(term),
                             masks.Plane(std::countr_zero(term.bits), first, count), part);
  });
  if (IsShort(out.size())) return AddShort(context, planes, dealt, out);
  for (size_t i = 0; i < dealt_.size(); ++i) AddProduct(context, dealt_[i], planes, dealt[i], out);
}

void BitSum::Evaluate(EvalContext& context, const BitRss& bits, uint64_t constant_elements,
                      std::span<const Dealt> dealt, RingVector out) const {
  const kernels::BitPlanes planes{bits.m, out.size()};
  std::ranges::fill(out.bytes(), uint8_t{0});
  if (one_ && context.IsP1())
    ForParts(context, out.size(), [&](EvalContext&, uint64_t first, uint64_t count) {
      kernels::AddBitProduct(planes.From(first), FactorOf(*one_), ConstRingVector(),
                             out.Slice(first, count));
    });
  if (IsShort(out.size())) return AddShort(context, planes, dealt, out);
  for (size_t i = 0; i < dealt_.size(); ++i) {
    if (dealt_[i].bits) {
      AddProduct(context, dealt_[i], planes, dealt[i], out);
      continue;
    }
    const Arena::Scope scope(context.arena);
    const RingVector share = context.arena.TakeVector(constant_elements, dealt_[i].width);
    LoadDealt(context, dealt[i], share);
    AddConstant(context, dealt_[i], planes, share, out);
  }
}

bool BitSum::IsShort(uint64_t elements) const { return one_ && AreShort(elements, width_); }

void BitSum::AddShort(EvalContext& context, const kernels::BitPlanes& planes,
                      std::span<const Dealt> dealt, RingVector out) const {
  ShortShares shares(context, dealt, PackedBytes(out.size(), width_));
  for (const Term& term : dealt_) {
    const Arena::Scope scope(context.arena);
    const RingVector share = context.arena.TakeVector(out.size(), term.width);
    kernels::Unpack(shares.Next(PackedBytes(out.size(), term.width)), share);
    kernels::AddBitProduct(planes, FactorOf(term), Widened(share, width_, context.arena), out);
  }
}

void BitSum::AddShort(EvalContext& context, const kernels::BitPlanes& planes,
                      std::span<const Dealt> dealt, BitVector out) const {
  ShortShares shares(context, dealt, PackedBytes(out.size(), 1));
  for (const Term& term : dealt_) {
    const ConstBitVector share(shares.Next(PackedBytes(out.size(), 1)).data(), out.size());
    kernels::AddBitProduct(planes, FactorOf(term), share, out);
  }
}

void BitSum::AddConstant(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                         ConstRingVector share, RingVector out) const {
  const RingVector row = Converted(share, out.width(), context.arena);
  ForParts(context, out.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    kernels::AddBitProduct(planes.From(first), FactorOf(term),
                           Repeated(row, first, count, own.arena), out.Slice(first, count));
  });
}

void BitSum::AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                        const Dealt& dealt, RingVector out) const {
  const auto add = [&](EvalContext& own, const Dealt& part, uint64_t first, uint64_t count) {
    const RingVector share = own.arena.TakeVector(count, term.width);
    LoadDealt(own, part, share, first);
    kernels::AddBitProduct(planes.From(first), FactorOf(term),
                           Widened(share, out.width(), own.arena), out.Slice(first, count));
  };
  ForDealtParts(context, dealt, out.size(), term.width, add);
}

void BitSum::AddProduct(EvalContext& context, const Term& term, const kernels::BitPlanes& planes,
                        const Dealt& dealt, BitVector out) const {
  const auto add = [&](EvalContext& own, const Dealt& part, uint64_t first, uint64_t count) {
    const BitVector share = own.arena.TakeBits(count);
    LoadDealt(own, part, share, first);
    kernels::AddBitProduct(planes.From(first), FactorOf(term), share, out.Slice(first, count));
  };
  ForDealtParts(context, dealt, out.size(), 1, add);
}

void BitSum::Deal(DealContext& context, const MaskPlanes& bits, ConstRingVector constant,
                  std::span<const DealTarget> targets) const {
  if (IsShort(bits.stride)) return DealShort(context, bits, targets);
  for (size_t i = 0; i < dealt_.size(); ++i) {
    const Arena::Scope scope(context.arena);
    const Term& term = dealt_[i];
    const ConstRingVector factor =
        constant.empty() ? constant : Converted(constant, term.width, context.arena);
    if (term.bits == 0)
      DealVector(context, factor, targets[i]);
    else
      DealProduct(context, term, bits, factor, targets[i]);
  }
}

// By one multiplication: of the last bit and of what is dealt already, or, modulo 2, a bit that is
// not dealt.
void BitSum::MultiplyMasks(const Term& term, const WordRows& masks, const WordRows& products,
                           BitVector out) {
  const uint64_t last = std::bit_floor(term.bits), others = term.bits & ~last;
  const ConstBitVector mask = masks.Row(std::countr_zero(last));
  if (others == 0) return kernels::Copy(mask, out);
  kernels::Mul(mask, term.rest < 0 ? masks.Row(std::countr_zero(others)) : products.Row(term.rest),
               out);
}

void BitSum::DealShort(DealContext& context, const MaskPlanes& bits,
                       std::span<const DealTarget> targets) const {
  const uint64_t n = bits.stride;
  const WordRows masks = WholeMasks(context, bits), products(dealt_.size(), n, context.arena);
  const auto values = context.arena.Take(LaneVectorBytes(n, width_));
  ShortDealer dealer(context, targets, PackedBytes(n, width_));
  for (size_t i = 0; i < dealt_.size(); ++i) {
    const Term& term = dealt_[i];
    const BitVector product = products.Row(i);
    MultiplyMasks(term, masks, products, product);
    const ConstBitVector bit = product.Slice(0, n);
    if (term.width == 1) {
      dealer.Deal(bit);
      continue;
    }
    const RingVector value(values.data(), n, term.width);
    kernels::Unpack(bit, value);
    dealer.Deal(ConstRingVector(value));
  }
}

void BitSum::DealProduct(DealContext& context, const Term& term, const MaskPlanes& bits,
                         ConstRingVector factor, const DealTarget& target) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t first, uint64_t count) {
    const int last = std::countr_zero(std::bit_floor(term.bits));
    const BitVector product = WholeMask(own, bits.Slice(last, first, count));
    kernels::ForBits(term.bits & ~std::bit_floor(term.bits), [&](int j) {
      kernels::Mul(product, WholeMask(own, bits.Slice(j, first, count)), product);
    });
    if (term.width == 1 && factor.empty()) return DealVector(own, product, part, first);
    const RingVector value = own.arena.TakeVector(count, term.width);
    kernels::Unpack(product, value);
    if (!factor.empty()) kernels::Mul(value, Repeated(factor, first, count, own.arena), value);
    DealVector(own, value, part, first);
  };
  ForDealtParts(context, target, bits.stride, term.width, deal);
}

}  // namespace mpcc::protocol
