// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/lookup.h"

#include <algorithm>
#include <numeric>

#include "runtime/kernels/elementwise.h"

namespace mpcc::protocol {
namespace {

using kernels::RotatableTables;

// Elements looked up at a time; their cipher blocks stay in the first-level cache.
constexpr uint64_t kLookupPiece = 1024;
// Bytes of correction dealt at a time.
constexpr uint64_t kDealPieceBytes = 64 << 10;

uint64_t TableBits(int width, int index_bits) { return static_cast<uint64_t>(width) << index_bits; }

// Elements whose tables of `table_bits` are dealt or read at a time: whole bytes, and some 64 KiB
// unless one table has more.
uint64_t ElementsAtATime(uint64_t table_bits) {
  const uint64_t least = 8 / std::gcd(table_bits, uint64_t{8});
  return std::max(least, kDealPieceBytes * 8 / table_bits / least * least);
}

// out = this party's share of one entry per element, of tables of 2^index_bits entries.
// indices(first, index) says which, counted from element `first` on.
template <typename Indices>
void LookUp(EvalContext& context, const Dealt& dealt, int index_bits, RingVector out,
            Indices indices) {
  const uint64_t step = std::min(kLookupPiece, ElementsAtATime(TableBits(out.width(), index_bits)));
  const auto buffer = context.arena.Take<uint64_t>(step);
  for (uint64_t first = 0; first < out.size(); first += step) {
    const auto index = buffer.first(std::min(step, out.size() - first));
    indices(first, index);
    LoadDealtAt(context, dealt, {first << index_bits, index.size() << index_bits}, index,
                out.Slice(first, index.size()));
  }
}

// Writes the corrections of `elements` tables of `table_bits` bits each, piece by piece: keystream
// first, then the kernel in place.
template <typename Kernel>
void DealPieces(DealContext& context, uint64_t elements, uint64_t table_bits,
                const DealTarget& target, Kernel kernel) {
  const uint64_t step = ElementsAtATime(table_bits);
  for (uint64_t first = 0; first < elements; first += step) {
    const uint64_t n = std::min(step, elements - first), offset = first * table_bits / 8;
    const auto piece = target.At(offset, (n * table_bits + 7) / 8);
    context.k01.Fill(Stream{StreamRole::kDealt, target.stream}.id(), offset, piece);
    const Arena::Scope scope(context.arena);
    kernel(first, n, piece);
  }
}

}  // namespace

void EvaluateLut(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                 const Dealt& dealt, RingVector out) {
  LookUp(context, dealt, window.k, out, [&](uint64_t first, std::span<uint64_t> index) {
    kernels::LutIndices(m.Slice(first, index.size()), window, index);
  });
}

void DealLut(DealContext& context, const kernels::IndexWindow& window, ConstRingVector tables,
             const MaskPair& mask, const DealTarget& target) {
  const auto rotatable = RotatableTables::FromRows(tables, window.k);
  DealPieces(context, mask.l1.size(), TableBits(tables.width(), window.k), target,
             [&](uint64_t first, uint64_t n, std::span<uint8_t> piece) {
               kernels::DealLut(rotatable, WholeMask(context, mask.Slice(first, n)),
                                static_cast<int64_t>(first), window.shift, piece);
             });
}

void EvaluateLut2(EvalContext& context, ConstRingVector ma, ConstRingVector mb, const Dealt& dealt,
                  RingVector out) {
  LookUp(
      context, dealt, ma.width() + mb.width(), out, [&](uint64_t first, std::span<uint64_t> index) {
        kernels::Lut2Indices(ma.Slice(first, index.size()), mb.Slice(first, index.size()), index);
      });
}

void DealLut2(DealContext& context, ConstRingVector table, const MaskPair& a, const MaskPair& b,
              const DealTarget& target) {
  const int k1 = a.l1.width(), k2 = b.l1.width();
  const auto rotatable = RotatableTables::FromRows(table, k2);
  DealPieces(context, a.l1.size(), TableBits(table.width(), k1 + k2), target,
             [&](uint64_t first, uint64_t n, std::span<uint8_t> piece) {
               kernels::DealLut2(rotatable, WholeMask(context, a.Slice(first, n)),
                                 WholeMask(context, b.Slice(first, n)), piece);
             });
}

}  // namespace mpcc::protocol
