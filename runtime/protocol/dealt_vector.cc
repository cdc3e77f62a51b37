// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/dealt_vector.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/kernels/table.h"

namespace mpcc::protocol {
namespace {

// Elements handled at a time: their keystream stays in the first-level cache. A multiple of 8, so
// that every piece starts on a byte.
constexpr uint64_t kPiece = 2048;

constexpr uint64_t kBlockBits = 8 * Prg::kBlockBytes;

// The l bits at `bit` of the bytes at p, which may be read 8 bytes beyond the last bit.
uint64_t LoadBits(const uint8_t* p, uint64_t bit, int l) {
  if (bit % 8 + l > 64) return kernels::ReadBits(p, bit, l);
  uint64_t word;
  std::memcpy(&word, p + bit / 8, sizeof(word));
  return word >> bit % 8 & Mask(l);
}

// At most kPiece entries. `blocks` entries of cipher block per element: 2 when an entry may
// straddle two blocks.
void DrawPieceAt(EvalContext& context, Stream stream, uint64_t first,
                 std::span<const uint64_t> entries, RingVector out) {
  const Arena::Scope scope(context.arena);
  const int l = out.width();
  const uint64_t per_entry = kBlockBits % l == 0 ? 1 : 2;
  const auto indices = context.arena.Take<uint64_t>(kPiece * 2);
  uint8_t* blocks = context.arena.Take(kPiece * 2 * Prg::kBlockBytes).data();
  for (size_t i = 0; i < entries.size(); ++i)
    for (uint64_t b = 0; b < per_entry; ++b)
      indices[i * per_entry + b] = (first + entries[i]) * l / kBlockBits + b;
  context.prg.Blocks(stream.id(), indices.first(entries.size() * per_entry), blocks);
  VisitLanes(
      [&](auto lanes) {
        using T = typename decltype(lanes)::element_type;
        for (size_t i = 0; i < entries.size(); ++i)
          lanes[i] = static_cast<T>(LoadBits(blocks + i * per_entry * Prg::kBlockBytes,
                                             (first + entries[i]) * l % kBlockBits, l));
      },
      out);
}

}  // namespace

void DrawVector(Prg& prg, Stream stream, RingVector out, uint64_t first) {
  const int l = out.width();
  const uint64_t offset = PackedBytes(first, l);
  if (l == 8 * LaneBytes(l)) return prg.Fill(stream.id(), offset, out.bytes());
  alignas(64) uint8_t buffer[kPiece * sizeof(uint64_t)];
  for (uint64_t done = 0; done < out.size(); done += kPiece) {
    const uint64_t count = std::min(kPiece, out.size() - done);
    const std::span<uint8_t> piece(buffer, PackedBytes(count, l));
    prg.Fill(stream.id(), offset + PackedBytes(done, l), piece);
    kernels::Unpack(piece, out.Slice(done, count));
  }
  CleanseMemory({buffer, PackedBytes(std::min(kPiece, out.size()), l)});
}

void DrawVector(Prg& prg, Stream stream, BitVector out, uint64_t first) {
  const uint64_t offset = PackedBytes(first, 1), whole = out.size() / 8;
  prg.Fill(stream.id(), offset, out.bytes().first(whole));
  if (out.size() % 8 == 0) return;
  uint8_t last[1];
  prg.Fill(stream.id(), offset + whole, last);
  kernels::Unpack(last, out.Slice(8 * whole, out.size() % 8));
  CleanseMemory(last);
}

void LoadDealt(EvalContext& context, const Dealt& dealt, RingVector out, uint64_t first) {
  const auto load = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t count) {
    const RingVector to = out.Slice(begin - first, count);
    if (own.IsP1()) return DrawVector(own.prg, {StreamRole::kDealt, part.stream}, to, begin);
    kernels::Unpack(part.At(PackedBytes(begin, to.width()), PackedBytes(count, to.width())), to);
  };
  ForDealtParts(context, dealt, out.size(), out.width(), load, first);
}

void LoadDealt(EvalContext& context, const Dealt& dealt, BitVector out, uint64_t first) {
  const auto load = [&](EvalContext& own, const Dealt& part, uint64_t begin, uint64_t count) {
    const BitVector to = out.Slice(begin - first, count);
    if (own.IsP1()) return DrawVector(own.prg, {StreamRole::kDealt, part.stream}, to, begin);
    kernels::Unpack(part.At(PackedBytes(begin, 1), PackedBytes(count, 1)), to);
  };
  ForDealtParts(context, dealt, out.size(), 1, load, first);
}

void LoadDealtAt(EvalContext& context, const Dealt& dealt, const EntryRange& range,
                 std::span<const uint64_t> entries, RingVector out) {
  const int l = out.width();
  if (!context.IsP1())
    return kernels::UnpackAt(dealt.At(range.first * l / 8, PackedBytes(range.count, l)), entries,
                             out);
  for (uint64_t first = 0; first < entries.size(); first += kPiece) {
    const uint64_t count = std::min(kPiece, entries.size() - first);
    DrawPieceAt(context, {StreamRole::kDealt, dealt.stream}, range.first,
                entries.subspan(first, count), out.Slice(first, count));
  }
}

RingVector WholeMask(DealContext& context, const MaskPair& mask) {
  const RingVector sum = context.arena.TakeVector(mask.l1.size(), mask.l1.width());
  kernels::Add(mask.l1, mask.l2, sum);
  return sum;
}

BitVector WholeMask(DealContext& context, const BitMaskPair& mask) {
  const BitVector sum = context.arena.TakeBits(mask.l1.size());
  kernels::Add(mask.l1, mask.l2, sum);
  return sum;
}

void DealVector(DealContext& context, ConstRingVector v, const DealTarget& target, uint64_t first) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t begin, uint64_t count) {
    for (uint64_t done = 0; done < count; done += kPiece) {
      const auto values = v.Slice(begin - first + done, std::min(kPiece, count - done));
      const uint64_t offset = PackedBytes(begin + done, v.width());
      const auto piece = part.At(offset, PackedBytes(values.size(), values.width()));
      own.k01.Fill(Stream{StreamRole::kDealt, part.stream}.id(), offset, piece);
      kernels::SubPacked(values, piece);
    }
  };
  ForDealtParts(context, target, v.size(), v.width(), deal, first);
}

void DealVector(DealContext& context, ConstBitVector v, const DealTarget& target, uint64_t first) {
  const auto deal = [&](DealContext& own, const DealTarget& part, uint64_t begin, uint64_t count) {
    const uint64_t offset = PackedBytes(begin, 1);
    const auto piece = part.At(offset, PackedBytes(count, 1));
    own.k01.Fill(Stream{StreamRole::kDealt, part.stream}.id(), offset, piece);
    kernels::SubPacked(v.Slice(begin - first, count), piece);
  };
  ForDealtParts(context, target, v.size(), 1, deal, first);
}

}  // namespace mpcc::protocol
