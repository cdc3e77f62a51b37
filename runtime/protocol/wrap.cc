// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/wrap.h"

#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"

namespace mpcc {
namespace {

template <typename T>
const T* Lanes(const uint8_t* p) {
  return reinterpret_cast<const T*>(p);
}

// The carry out of L1 + L2 and the top bit of the sum mod 2^k.
template <typename L, typename R>
void MaskBits(const L* l1, const L* l2, uint64_t n, int k, R* carry, R* msb) {
  for (uint64_t i = 0; i < n; ++i) {
    const L sum = static_cast<L>(l1[i] + l2[i]) & static_cast<L>(Mask(k));
    carry[i] = static_cast<R>(sum < l1[i]);
    msb[i] = static_cast<R>(sum >> (k - 1));
  }
}

}  // namespace

void EvaluateWrap(EvalContext& context, const WrapShape& s, const uint8_t* m, const Dealt& carry,
                  const Dealt& msb, uint8_t* out) {
  LoadDealt(context, carry, s.elements, s.r, out);
  uint8_t* bit = context.arena.Take(LaneVectorBytes(s.elements, s.r));
  LoadDealt(context, msb, s.elements, s.r, bit);
  VisitLane(s.k, [&](auto in_tag) {
    VisitLane(s.r, [&](auto out_tag) {
      using M = typename decltype(in_tag)::type;
      using T = typename decltype(out_tag)::type;
      T* result = reinterpret_cast<T*>(out);
      kernels::AddUnlessMsb(Lanes<M>(m), s.k, static_cast<const T*>(result), Lanes<T>(bit),
                            static_cast<int64_t>(s.elements), s.r, result);
    });
  });
}

void DealWrap(DealContext& context, const WrapShape& s, const MaskPair& mask, uint32_t carry_stream,
              uint32_t msb_stream, uint8_t* carry_correction, uint8_t* msb_correction) {
  uint8_t* carry = context.arena.Take(LaneVectorBytes(s.elements, s.r));
  uint8_t* msb = context.arena.Take(LaneVectorBytes(s.elements, s.r));
  VisitLane(s.k, [&](auto in_tag) {
    VisitLane(s.r, [&](auto out_tag) {
      using L = typename decltype(in_tag)::type;
      using R = typename decltype(out_tag)::type;
      MaskBits(Lanes<L>(mask.l1), Lanes<L>(mask.l2), s.elements, s.k, reinterpret_cast<R*>(carry),
               reinterpret_cast<R*>(msb));
    });
  });
  DealVector(context, carry_stream, carry, s.elements, s.r, carry_correction);
  DealVector(context, msb_stream, msb, s.elements, s.r, msb_correction);
}

void JoinComponent(const uint8_t* low, int k, const uint8_t* high, int r, uint64_t n, Arena& arena,
                   uint8_t* out) {
  const int64_t count = static_cast<int64_t>(n);
  VisitLane(k + r, [&](auto out_tag) {
    using T = typename decltype(out_tag)::type;
    T* wide = arena.Take<T>(n);
    T* result = reinterpret_cast<T*>(out);
    VisitLane(k, [&](auto tag) {
      using From = typename decltype(tag)::type;
      kernels::Convert(Lanes<From>(low), count, k, result);
    });
    VisitLane(r, [&](auto tag) {
      using From = typename decltype(tag)::type;
      kernels::Convert(Lanes<From>(high), count, r, wide);
    });
    kernels::MulScalarAdd(wide, static_cast<T>(T{1} << k), result, count, k + r, result);
  });
}

void EvaluateExtract(PartyId self, const uint8_t* a, int l, int k, uint64_t n, uint8_t* out) {
  if (k == l) {
    std::memcpy(out, a, LaneVectorBytes(n, l));
    return;
  }
  VisitLane(l, [&](auto in_tag) {
    VisitLane(k, [&](auto out_tag) {
      using From = typename decltype(in_tag)::type;
      using To = typename decltype(out_tag)::type;
      const From round_up = self == PartyId::kP1 ? static_cast<From>(Mask(l - k)) : From{0};
      kernels::Extract(Lanes<From>(a), l - k, round_up, static_cast<int64_t>(n), k,
                       reinterpret_cast<To*>(out));
    });
  });
}

void ResizeComponent(const uint8_t* a, int l, int k, uint64_t n, uint8_t* out) {
  VisitLane(l, [&](auto in_tag) {
    VisitLane(k, [&](auto out_tag) {
      using From = typename decltype(in_tag)::type;
      using To = typename decltype(out_tag)::type;
      kernels::Convert(Lanes<From>(a), static_cast<int64_t>(n), k, reinterpret_cast<To*>(out));
    });
  });
}

}  // namespace mpcc
