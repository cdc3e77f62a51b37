// SPDX-License-Identifier: Apache-2.0
// Vectors that P0 deals to P1 and P2 as additive shares: P1 draws its share c1 from the stream of
// K01, P2 receives the packed correction c2 = v - c1. docs/protocol.md, "Sharings".
#ifndef MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
#define MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_

#include <cstdint>
#include <span>

#include "runtime/base/bit_vector.h"
#include "runtime/base/ring_vector.h"
#include "runtime/crypto/prg.h"
#include "runtime/crypto/session_keys.h"
#include "runtime/protocol/correction_stream.h"
#include "runtime/protocol/crew.h"

namespace mpcc::protocol {

// out = elements [first, first + out.size()) of the stream. REQUIRES: `first` is a multiple of 8;
// bits are on a byte, here and below.
void DrawVector(Prg& prg, Stream stream, RingVector out, uint64_t first = 0);
void DrawVector(Prg& prg, Stream stream, BitVector out, uint64_t first = 0);

// A dealt vector at P1 or P2. It is read once, from front to back.
struct Dealt {
  uint32_t stream = 0;                      // its number, of role kDealt
  CorrectionReader* corrections = nullptr;  // P2 only; null in a window
  uint64_t offset = 0;                      // of the vector's correction, which is packed
  std::span<const uint8_t> read = {};       // a window's bytes, of which the first is `offset`

  // Bytes [first, first + size) of the correction.
  std::span<const uint8_t> At(uint64_t first, uint64_t size) const {
    return corrections ? corrections->At(offset + first, size) : read.subspan(first - offset, size);
  }
  // These bytes read at once: any thread may look at them until the next are asked for.
  // REQUIRES: it is no window.
  Dealt Window(uint64_t first, uint64_t size) const {
    return {stream, nullptr, first, At(first, size)};
  }
};

// This party's share of elements [first, first + out.size()) of a dealt vector. REQUIRES: `first`
// is a multiple of 8.
void LoadDealt(EvalContext& context, const Dealt& dealt, RingVector out, uint64_t first = 0);
void LoadDealt(EvalContext& context, const Dealt& dealt, BitVector out, uint64_t first = 0);

// Entries [first, first + count) of a dealt vector. REQUIRES: `first` starts on a byte.
struct EntryRange {
  uint64_t first = 0, count = 0;
};

// out[i] = entry range.first + entries[i] of this party's share. P1 computes only the cipher blocks
// that hold them. The entries are addresses, so they must be public: positions and opened values.
void LoadDealtAt(EvalContext& context, const Dealt& dealt, const EntryRange& range,
                 std::span<const uint64_t> entries, RingVector out);

// An RSS wire at P1 or P2.
template <typename Vector>
struct BasicRss {
  Vector m, mask;
};
using Rss = BasicRss<ConstRingVector>;
using BitRss = BasicRss<ConstBitVector>;

// Both components of a wire's mask at P0.
template <typename Vector>
struct BasicMaskPair {
  Vector l1, l2;

  BasicMaskPair Slice(uint64_t first, uint64_t count) const {
    return {l1.Slice(first, count), l2.Slice(first, count)};
  }
};
using MaskPair = BasicMaskPair<ConstRingVector>;
using BitMaskPair = BasicMaskPair<ConstBitVector>;

// L1 + L2, in the arena.
RingVector WholeMask(DealContext& context, const MaskPair& mask);
BitVector WholeMask(DealContext& context, const BitMaskPair& mask);

// Where P0 deals a vector: P1's stream, and P2's packed correction, written once from front to
// back.
struct DealTarget {
  uint32_t stream = 0;
  CorrectionWriter* corrections = nullptr;  // null in a window
  uint64_t offset = 0;                      // of the vector's correction
  std::span<uint8_t> room = {};             // a window's bytes, of which the first is `offset`

  // Room for bytes [first, first + size) of the correction.
  std::span<uint8_t> At(uint64_t first, uint64_t size) const {
    return corrections ? corrections->At(offset + first, size) : room.subspan(first - offset, size);
  }
  // Room for these bytes: threads may fill it until more is asked for. REQUIRES: it is no window.
  DealTarget Window(uint64_t first, uint64_t size) const {
    return {stream, nullptr, first, At(first, size)};
  }
};

// Writes P2's correction of v, PackedBytes(v.size(), v.width()) bytes, as elements `first` and
// following. REQUIRES: `first` is a multiple of 8.
void DealVector(DealContext& context, ConstRingVector v, const DealTarget& target,
                uint64_t first = 0);
void DealVector(DealContext& context, ConstBitVector v, const DealTarget& target,
                uint64_t first = 0);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
