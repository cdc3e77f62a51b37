// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/lookup.h"

#include <algorithm>
#include <cassert>

#include "runtime/kernels/bit_table.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/one_hot.h"

namespace mpcc::protocol {
namespace {

using kernels::RotatableTables;

// Elements looked up at a time; their cipher blocks stay in the first-level cache.
constexpr uint64_t kLookupPiece = 1024;

// Tables of bits up to these, two cipher blocks, are drawn whole: that takes no more blocks than
// two entries of each.
constexpr int kMostWholeBits = 8;
// Bytes of them worked on at a time.
constexpr uint64_t kWholeBytes = 4096;

uint64_t TableBits(int width, int index_bits) { return static_cast<uint64_t>(width) << index_bits; }

// out = this party's share of one entry per element, of tables of 2^index_bits entries.
// indices(first, index) says which, counted from element `first` on.
template <typename Indices>
void LookUp(EvalContext& context, const Dealt& dealt, int index_bits, RingVector out,
            Indices indices) {
  const auto look_up = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t n) {
    const auto buffer = own.arena.Take<uint64_t>(kLookupPiece);
    for (uint64_t first = begin; first < begin + n; first += kLookupPiece) {
      const auto index = buffer.first(std::min(kLookupPiece, begin + n - first));
      indices(first, index);
      LoadDealtAt(own, part, {first << index_bits, index.size() << index_bits}, index,
                  out.Slice(first, index.size()));
    }
  };
  ForDealtParts(context, dealt, out.size(), TableBits(out.width(), index_bits), look_up);
}

// Writes the corrections of `elements` tables of `table_bits` bits each, part by part: keystream
// first, then kernel(context, first, n, piece) in place.
template <typename Kernel>
void DealPieces(DealContext& context, uint64_t elements, uint64_t table_bits,
                const DealTarget& target, Kernel kernel) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t first, uint64_t n) {
    const uint64_t offset = first * table_bits / 8;
    const auto piece = part.At(offset, (n * table_bits + 7) / 8);
    own.k01.Fill(Stream{StreamRole::kDealt, part.stream}.id(), offset, piece);
    kernel(own, first, n, piece);
  };
  ForDealtParts(context, target, elements, table_bits, deal);
}

}  // namespace

void EvaluateLut(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                 const Dealt& dealt, RingVector out) {
  LookUp(context, dealt, window.k, out, [&](uint64_t first, std::span<uint64_t> index) {
    kernels::LutIndices(m.Slice(first, index.size()), window, index);
  });
}

void EvaluateLutPair(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                     const Dealt& dealt, RingVector out) {
  const uint64_t size = m.size();
  const auto look_up = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t n) {
    const auto buffer = own.arena.Take<uint64_t>(2 * kLookupPiece);
    const RingVector both = own.arena.TakeVector(2 * kLookupPiece, out.width());
    for (uint64_t first = begin; first < begin + n; first += kLookupPiece) {
      const uint64_t count = std::min(kLookupPiece, begin + n - first);
      for (uint64_t below : {0, 1})
        kernels::LutIndices(m.Slice(first, count), {window.k, window.shift, below},
                            buffer.subspan(below * count, count));
      // Both entries at a time: they often share a cipher block.
      LoadDealtAt(own, part, {first << window.k, count << window.k}, buffer.first(2 * count),
                  both.Slice(0, 2 * count));
      for (uint64_t below : {0, 1})
        kernels::Convert(both.Slice(below * count, count), out.Slice(below * size + first, count));
    }
  };
  ForDealtParts(context, dealt, size, TableBits(out.width(), window.k), look_up);
}

bool ReadsWholeTables(const kernels::IndexWindow& window) {
  return window.k >= kernels::kLeastBitTable && window.k <= kMostWholeBits;
}

void EvaluateLutPair(EvalContext& context, const kernels::IndexWindow& window, ConstRingVector m,
                     const Dealt& dealt, BitVector out) {
  assert(ReadsWholeTables(window) && out.OnByte());
  const uint64_t id = Stream{StreamRole::kDealt, dealt.stream}.id(), size = m.size();
  const uint64_t bytes = uint64_t{1} << (window.k - 3), step = kWholeBytes / bytes;
  const auto look_up = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t n) {
    const auto keystream = own.arena.Take(kWholeBytes);
    const auto buffer = own.arena.Take<uint16_t>(step);
    for (uint64_t first = begin; first < begin + n; first += step) {
      const uint64_t count = std::min(step, begin + n - first);
      const auto index = buffer.first(count);
      std::span<const uint8_t> share = keystream.first(count * bytes);
      if (own.IsP1())
        own.prg.Fill(id, first * bytes, keystream.first(count * bytes));
      else
        share = part.At(first * bytes, count * bytes);
      kernels::Digits(m.Slice(first, count), window.shift, window.k, index);
      kernels::ReadBitTables(share, window.k, index, out.Slice(first, count));
      for (uint16_t& entry : index) entry = (entry - 1) & Mask(window.k);
      kernels::ReadBitTables(share, window.k, index, out.Slice(size + first, count));
    }
  };
  // Threads must not share a byte of the result.
  EvalContext own = size % 8 ? context.Of(0) : context;
  ForDealtParts(own, dealt, size, TableBits(1, window.k), look_up);
}

void DealLut(DealContext& context, const kernels::IndexWindow& window, ConstRingVector tables,
             const MaskPair& mask, const DealTarget& target) {
  const auto deal = [&](const auto& rotate) {
    DealPieces(context, mask.l1.size(), TableBits(tables.width(), window.k), target,
               [&](DealContext& own, uint64_t first, uint64_t n, std::span<uint8_t> piece) {
                 rotate(WholeMask(own, mask.Slice(first, n)), static_cast<int64_t>(first), piece);
               });
  };
  if (tables.width() == 1 && window.k >= kernels::kLeastBitTable)
    return deal([&, bits = kernels::BitTables(tables, window.k)](ConstRingVector v, int64_t first,
                                                                 std::span<uint8_t> piece) {
      bits.Deal(v, first, window.shift, piece);
    });
  deal([&, lanes = RotatableTables::FromRows(tables, window.k)](ConstRingVector v, int64_t first,
                                                                std::span<uint8_t> piece) {
    kernels::DealLut(lanes, v, first, window.shift, piece);
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
             [&](DealContext& own, uint64_t first, uint64_t n, std::span<uint8_t> piece) {
               kernels::DealLut2(rotatable, WholeMask(own, a.Slice(first, n)),
                                 WholeMask(own, b.Slice(first, n)), piece);
             });
}

}  // namespace mpcc::protocol
