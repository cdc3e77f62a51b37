// SPDX-License-Identifier: Apache-2.0
// Vectors that P0 deals to P1 and P2 as additive shares: P1 draws its share c1 from the stream of
// K01, P2 receives the packed correction c2 = v - c1. docs/protocol.md, "Sharings".
#ifndef MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
#define MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_

#include <cstdint>
#include <span>

#include "mpcc/party.h"
#include "runtime/base/ring_vector.h"
#include "runtime/crypto/prg.h"
#include "runtime/crypto/session_keys.h"
#include "runtime/protocol/arena.h"

namespace mpcc::protocol {

// out = elements [0, out.size()) of the stream.
void DrawVector(Prg& prg, Stream stream, RingVector out);

// What an evaluating party needs for every operation. P1's generator is K01, P2's is K02.
struct EvalContext {
  PartyId self;
  Prg& prg;
  Arena& arena;

  bool IsP1() const { return self == PartyId::kP1; }
};

// A dealt vector at P1 or P2.
struct Dealt {
  uint32_t stream = 0;                    // its number, of role kDealt
  std::span<const uint8_t> correction{};  // P2 only, packed
};

// This party's share of a dealt vector.
void LoadDealt(EvalContext& context, const Dealt& dealt, RingVector out);

// out[i] = entry entries[i] of this party's share. P1 computes only the cipher blocks that hold
// them. The entries are addresses, so they must be public: positions and opened values.
void LoadDealtAt(EvalContext& context, const Dealt& dealt, std::span<const uint64_t> entries,
                 RingVector out);

// What P0 needs for every operation.
struct DealContext {
  Prg& k01;
  Prg& k02;
  Arena& arena;
};

// An RSS wire at P1 or P2.
struct Rss {
  ConstRingVector m, mask;
};

// Both components of a wire's mask at P0.
struct MaskPair {
  ConstRingVector l1, l2;
};

// L1 + L2, in the arena.
RingVector WholeMask(DealContext& context, const MaskPair& mask);

// Where P0 deals a vector: P1's stream, and P2's packed correction, which is written.
struct DealTarget {
  uint32_t stream = 0;
  std::span<uint8_t> correction{};
};

// Writes P2's correction of v, PackedBytes(v.size(), v.width()) bytes.
void DealVector(DealContext& context, ConstRingVector v, const DealTarget& target);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
