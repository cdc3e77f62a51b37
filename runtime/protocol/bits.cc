// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/bits.h"

#include <algorithm>

#include "runtime/kernels/elementwise.h"
#include "runtime/protocol/broadcast.h"

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

// A row repeated until there are `elements`.
ConstRingVector Repeated(ConstRingVector row, uint64_t elements, Arena& arena) {
  if (row.size() == elements) return row;
  const RingVector out = arena.TakeVector(elements, row.width());
  const uint32_t columns = static_cast<uint32_t>(row.size());
  const uint32_t from[] = {columns}, to[] = {static_cast<uint32_t>(elements / columns), columns};
  BroadcastTo({row, from}, to, out);
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
  int64_t all = 0;
  for (int64_t term : polynomial.terms) all |= term;
  for (int j : BitsOf(all)) masks_.push_back(TermOf(polynomial, {int64_t{1} << j, 0}, width));
}

void BitSum::Evaluate(EvalContext& context, const Rss& bits, uint64_t constant_elements,
                      std::span<const Dealt> dealt, RingVector out) const {
  std::ranges::fill(out.bytes(), uint8_t{0});
  if (one_ && context.IsP1()) kernels::AddBitProduct(bits.m, *one_, {}, out);
  for (const Term& term : masks_)
    kernels::AddBitProduct(bits.m, term.factor,
                           bits.mask.Slice(term.bits[0] * out.size(), out.size()), out);
  for (size_t i = 0; i < dealt_.size(); ++i) {
    const Arena::Scope scope(context.arena);
    const Term& term = dealt_[i];
    const RingVector share =
        context.arena.TakeVector(term.bits.empty() ? constant_elements : out.size(), term.width);
    LoadDealt(context, dealt[i], share);
    const ConstRingVector wide =
        term.width == out.width() ? share : Converted(share, out.width(), context.arena);
    kernels::AddBitProduct(bits.m, term.factor, Repeated(wide, out.size(), context.arena), out);
  }
}

void BitSum::Deal(DealContext& context, const MaskPair& bits, uint64_t elements,
                  ConstRingVector constant, std::span<const DealTarget> targets) const {
  const ConstRingVector whole = WholeMask(context, bits);
  for (size_t i = 0; i < dealt_.size(); ++i) {
    const Arena::Scope scope(context.arena);
    const Term& term = dealt_[i];
    if (term.bits.empty()) {
      DealVector(context, Converted(constant, term.width, context.arena), targets[i]);
      continue;
    }
    const RingVector product = context.arena.TakeVector(elements, 1);
    std::ranges::fill(product.bytes(), uint8_t{1});
    for (int j : term.bits) kernels::Mul(product, whole.Slice(j * elements, elements), product);
    const RingVector value = Converted(product, term.width, context.arena);
    if (!constant.empty())
      kernels::Mul(value, Converted(constant, term.width, context.arena),
                   constant.size() == 1 ? kernels::Broadcast::kScalar : kernels::Broadcast::kRow,
                   value);
    DealVector(context, value, targets[i]);
  }
}

}  // namespace mpcc::protocol
