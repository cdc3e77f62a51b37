// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/wrap.h"

#include "runtime/kernels/elementwise.h"

namespace mpcc::protocol {
namespace {

// The carry out of L1 + L2 and the top bit of the sum mod 2^k.
void MaskBits(const MaskPair& mask, RingVector carry, RingVector msb) {
  const int k = mask.l1.width();
  VisitLanes(
      [&](auto l1, auto l2) {
        VisitLanes(
            [&](auto carries, auto bits) {
              using L = std::remove_const_t<typename decltype(l1)::element_type>;
              using R = typename decltype(bits)::element_type;
              for (size_t i = 0; i < l1.size(); ++i) {
                const L sum = static_cast<L>(l1[i] + l2[i]) & static_cast<L>(Mask(k));
                carries[i] = static_cast<R>(sum < l1[i]);
                bits[i] = static_cast<R>(sum >> (k - 1));
              }
            },
            carry, msb);
      },
      mask.l1, mask.l2);
}

}  // namespace

void EvaluateWrap(EvalContext& context, ConstRingVector m, const Dealt& carry, const Dealt& msb,
                  RingVector out) {
  LoadDealt(context, carry, out);
  const auto add = [&](EvalContext& own, const Dealt& part, uint64_t first, uint64_t count) {
    const RingVector bit = own.arena.TakeVector(count, out.width());
    LoadDealt(own, part, bit, first);
    kernels::AddUnlessMsb(m.Slice(first, count), bit, out.Slice(first, count));
  };
  ForDealtParts(context, msb, out.size(), out.width(), add);
}

void DealWrap(DealContext& context, const MaskPair& mask, int r, const DealTarget& carry,
              const DealTarget& msb) {
  const uint64_t n = mask.l1.size();
  const RingVector carries = context.arena.TakeVector(n, r);
  const RingVector bits = context.arena.TakeVector(n, r);
  MaskBits(mask, carries, bits);
  DealVector(context, carries, carry);
  DealVector(context, bits, msb);
}

void JoinComponent(ConstRingVector low, ConstRingVector high, Arena& arena, RingVector out) {
  kernels::Convert(low, out);
  InParts(out.size(), arena, [&](uint64_t first, uint64_t count) {
    const RingVector wide = arena.TakeVector(count, out.width()), part = out.Slice(first, count);
    kernels::Convert(high.Slice(first, count), wide);
    kernels::MulScalarAdd(wide, uint64_t{1} << low.width(), part, part);
  });
}

void EvaluateExtract(PartyId self, ConstRingVector a, RingVector out) {
  kernels::Extract(a, self == PartyId::kP1 ? kernels::Rounding::kUp : kernels::Rounding::kDown,
                   out);
}

}  // namespace mpcc::protocol
