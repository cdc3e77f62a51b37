// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/lookup.h"

#include <algorithm>
#include <cassert>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/table.h"

namespace mpcc {
namespace {

// Elements looked up at a time; their cipher blocks stay in the first-level cache.
constexpr uint64_t kLookupPiece = 1024;
// Bytes of correction dealt at a time.
constexpr uint64_t kDealPieceBytes = 64 << 10;

template <typename T>
const T* Lanes(const uint8_t* p) {
  return reinterpret_cast<const T*>(p);
}

// The lane of an index of a two-input table, which has at most 16 bits.
template <typename Fn>
void VisitIndexLane(int k, Fn&& fn) {
  if (LaneBytes(k) == 1) return fn(std::type_identity<uint8_t>{});
  assert(k <= 16);
  fn(std::type_identity<uint16_t>{});
}

// out = this party's share of one entry per element; indices(first, n, index) says which.
template <typename Indices>
void LookUp(EvalContext& context, uint64_t elements, int width, const Dealt& dealt, uint8_t* out,
            Indices indices) {
  uint64_t* index = context.arena.Take<uint64_t>(kLookupPiece);
  for (uint64_t first = 0; first < elements; first += kLookupPiece) {
    const uint64_t n = std::min(kLookupPiece, elements - first);
    indices(first, n, index);
    LoadDealtAt(context, dealt, {index, n}, width, out + first * LaneBytes(width));
  }
}

// Writes all corrections of 2^index_bits entries an element, piece by piece: keystream first, then
// the kernel in place.
template <typename Kernel>
void DealPieces(DealContext& context, uint64_t elements, int index_bits, int width, uint32_t stream,
                uint8_t* correction, Kernel kernel) {
  const uint64_t table_bits = uint64_t(width) << index_bits;
  const uint64_t step = std::max<uint64_t>(8, kDealPieceBytes * 8 / table_bits / 8 * 8);
  for (uint64_t first = 0; first < elements; first += step) {
    const uint64_t n = std::min(step, elements - first);
    const uint64_t offset = first * table_bits / 8;
    uint8_t* piece = correction + offset;
    context.k01.Fill(stream, offset, {piece, PackedBytes(n << index_bits, width)});
    kernel(first, n, piece);
  }
}

}  // namespace

void EvaluateLut(EvalContext& context, const LutShape& s, const uint8_t* m, const Dealt& dealt,
                 uint8_t* out) {
  VisitLane(s.in_width, [&](auto tag) {
    using L = typename decltype(tag)::type;
    LookUp(context, s.elements, s.out_width, dealt, out,
           [&](uint64_t first, uint64_t n, uint64_t* index) {
             kernels::LutIndices(Lanes<L>(m) + first, static_cast<int64_t>(first),
                                 static_cast<int64_t>(n), s.shift, s.k, index);
           });
  });
}

void DealLut(DealContext& context, const LutShape& s, const uint8_t* tables, int64_t rows,
             const MaskPair& mask, uint32_t stream, uint8_t* correction) {
  const uint8_t* whole = WholeMask(context, mask, s.elements, s.in_width);
  VisitLane(s.in_width, [&](auto in_tag) {
    VisitLane(s.out_width, [&](auto out_tag) {
      using L = typename decltype(in_tag)::type;
      using T = typename decltype(out_tag)::type;
      const auto rotatable = kernels::RotatableTables<T>::FromRows(Lanes<T>(tables), rows, s.k);
      DealPieces(context, s.elements, s.k, s.out_width, stream, correction,
                 [&](uint64_t first, uint64_t n, uint8_t* piece) {
                   kernels::DealLut(rotatable, Lanes<L>(whole) + first, static_cast<int64_t>(first),
                                    static_cast<int64_t>(n), s.shift, s.out_width, piece, piece);
                 });
    });
  });
}

void EvaluateLut2(EvalContext& context, const Lut2Shape& s, const uint8_t* ma, const uint8_t* mb,
                  const Dealt& dealt, uint8_t* out) {
  VisitIndexLane(s.k1, [&](auto a_tag) {
    VisitIndexLane(s.k2, [&](auto b_tag) {
      using A = typename decltype(a_tag)::type;
      using B = typename decltype(b_tag)::type;
      LookUp(context, s.elements, s.out_width, dealt, out,
             [&](uint64_t first, uint64_t n, uint64_t* index) {
               kernels::Lut2Indices(Lanes<A>(ma) + first, Lanes<B>(mb) + first,
                                    static_cast<int64_t>(first), static_cast<int64_t>(n), s.k1,
                                    s.k2, index);
             });
    });
  });
}

void DealLut2(DealContext& context, const Lut2Shape& s, const uint8_t* table, const MaskPair& a,
              const MaskPair& b, uint32_t stream, uint8_t* correction) {
  const uint8_t* la = WholeMask(context, a, s.elements, s.k1);
  const uint8_t* lb = WholeMask(context, b, s.elements, s.k2);
  VisitIndexLane(s.k1, [&](auto a_tag) {
    VisitIndexLane(s.k2, [&](auto b_tag) {
      VisitLane(s.out_width, [&](auto out_tag) {
        using A = typename decltype(a_tag)::type;
        using B = typename decltype(b_tag)::type;
        using T = typename decltype(out_tag)::type;
        const auto rotatable =
            kernels::RotatableTables<T>::FromRows(Lanes<T>(table), int64_t{1} << s.k1, s.k2);
        DealPieces(context, s.elements, s.k1 + s.k2, s.out_width, stream, correction,
                   [&](uint64_t first, uint64_t n, uint8_t* piece) {
                     kernels::DealLut2(rotatable, Lanes<A>(la) + first, Lanes<B>(lb) + first,
                                       static_cast<int64_t>(first), static_cast<int64_t>(n),
                                       s.out_width, piece, piece);
                   });
      });
    });
  });
}

void EvaluateExp(EvalContext& context, const ExpShape& s, const uint8_t* m, const uint8_t* g,
                 const Dealt& dealt, uint8_t* out) {
  EvaluateLut(context, {s.elements, s.k, s.k - s.j, s.j, s.out_width}, m, dealt, out);
  const int64_t n = static_cast<int64_t>(s.elements);
  VisitLane(s.k, [&](auto in_tag) {
    VisitLane(s.out_width, [&](auto out_tag) {
      using L = typename decltype(in_tag)::type;
      using T = typename decltype(out_tag)::type;
      T* result = reinterpret_cast<T*>(out);
      T* factor = context.arena.Take<T>(s.elements);
      kernels::Gather(Lanes<T>(g), Lanes<L>(m), n, s.j, factor);
      kernels::Mul(result, factor, {1, n}, s.out_width, result);
    });
  });
}

void DealExp(DealContext& context, const ExpShape& s, const uint8_t* f, const MaskPair& mask,
             uint32_t stream, uint8_t* correction) {
  const uint8_t* whole = WholeMask(context, mask, s.elements, s.k);
  VisitLane(s.k, [&](auto in_tag) {
    VisitLane(s.out_width, [&](auto out_tag) {
      using L = typename decltype(in_tag)::type;
      using T = typename decltype(out_tag)::type;
      const auto rotatable = kernels::RotatableTables<T>::FromExp(Lanes<T>(f), s.k, s.j);
      DealPieces(context, s.elements, s.k - s.j, s.out_width, stream, correction,
                 [&](uint64_t first, uint64_t n, uint8_t* piece) {
                   kernels::DealExp(rotatable, Lanes<L>(whole) + first, static_cast<int64_t>(first),
                                    static_cast<int64_t>(n), s.j, s.out_width, piece, piece);
                 });
    });
  });
}

}  // namespace mpcc
