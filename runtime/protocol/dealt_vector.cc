// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/dealt_vector.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/table.h"

namespace mpcc {
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
template <typename T>
void DrawPieceAt(Prg& prg, uint32_t stream, std::span<const uint64_t> entries, int l, Arena& arena,
                 T* out) {
  const Arena::Scope scope(arena);
  const uint64_t per_entry = kBlockBits % l == 0 ? 1 : 2;
  uint64_t* indices = arena.Take<uint64_t>(kPiece * 2);
  uint8_t* blocks = arena.Take(kPiece * 2 * Prg::kBlockBytes);
  for (size_t i = 0; i < entries.size(); ++i)
    for (uint64_t b = 0; b < per_entry; ++b)
      indices[i * per_entry + b] = entries[i] * l / kBlockBits + b;
  prg.Blocks(stream, {indices, entries.size() * per_entry}, blocks);
  for (size_t i = 0; i < entries.size(); ++i)
    out[i] = static_cast<T>(
        LoadBits(blocks + i * per_entry * Prg::kBlockBytes, entries[i] * l % kBlockBits, l));
}

}  // namespace

void DrawVector(Prg& prg, uint32_t stream, uint64_t n, int l, uint8_t* out) {
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (l == 8 * static_cast<int>(sizeof(T))) {
      prg.Fill(stream, 0, {out, n * sizeof(T)});
      return;
    }
    alignas(64) uint8_t piece[kPiece * 8];
    T* lanes = reinterpret_cast<T*>(out);
    for (uint64_t first = 0; first < n; first += kPiece) {
      const uint64_t count = std::min(kPiece, n - first);
      prg.Fill(stream, first * l / 8, {piece, PackedBytes(count, l)});
      kernels::Unpack(piece, static_cast<int64_t>(count), l, lanes + first);
    }
    CleanseMemory(piece);
  });
}

void LoadDealt(EvalContext& context, const Dealt& dealt, uint64_t n, int l, uint8_t* out) {
  if (context.IsP1()) return DrawVector(context.prg, dealt.stream, n, l, out);
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Unpack(dealt.correction, static_cast<int64_t>(n), l, reinterpret_cast<T*>(out));
  });
}

void LoadDealtAt(EvalContext& context, const Dealt& dealt, std::span<const uint64_t> entries, int l,
                 uint8_t* out) {
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* lanes = reinterpret_cast<T*>(out);
    if (!context.IsP1()) return kernels::UnpackAt(dealt.correction, entries, l, lanes);
    for (size_t first = 0; first < entries.size(); first += kPiece)
      DrawPieceAt(context.prg, dealt.stream,
                  entries.subspan(first, std::min<size_t>(kPiece, entries.size() - first)), l,
                  context.arena, lanes + first);
  });
}

uint8_t* WholeMask(DealContext& context, const MaskPair& mask, uint64_t n, int l) {
  uint8_t* sum = context.arena.Take(LaneVectorBytes(n, l));
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Add(reinterpret_cast<const T*>(mask.l1), reinterpret_cast<const T*>(mask.l2),
                 {1, static_cast<int64_t>(n)}, l, reinterpret_cast<T*>(sum));
  });
  return sum;
}

void DealVector(DealContext& context, uint32_t stream, const uint8_t* v, uint64_t n, int l,
                uint8_t* correction) {
  VisitLane(l, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* lanes = reinterpret_cast<const T*>(v);
    for (uint64_t first = 0; first < n; first += kPiece) {
      const uint64_t count = std::min(kPiece, n - first);
      uint8_t* piece = correction + first * l / 8;
      context.k01.Fill(stream, first * l / 8, {piece, PackedBytes(count, l)});
      kernels::SubPacked(lanes + first, piece, static_cast<int64_t>(count), l, piece);
    }
  });
}

}  // namespace mpcc
