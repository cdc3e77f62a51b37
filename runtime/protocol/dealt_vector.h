// SPDX-License-Identifier: Apache-2.0
// Vectors that P0 deals to P1 and P2 as additive shares: P1 draws its share c1 from the stream of
// K01, P2 receives the packed correction c2 = v - c1. docs/protocol.md, "Sharings".
#ifndef MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
#define MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_

#include <cstdint>
#include <span>

#include "runtime/base/party.h"
#include "runtime/crypto/prg.h"
#include "runtime/protocol/arena.h"

namespace mpcc {

// out = elements [0, n) of l bits of the stream, in lanes.
void DrawVector(Prg& prg, uint32_t stream, uint64_t n, int l, uint8_t* out);

// What an evaluating party needs for every operation. P1's generator is K01, P2's is K02.
struct EvalContext {
  PartyId self;
  Prg& prg;
  Arena& arena;

  bool IsP1() const { return self == PartyId::kP1; }
};

// A dealt vector at P1 or P2.
struct Dealt {
  uint32_t stream = 0;
  const uint8_t* correction = nullptr;  // P2 only
};

// This party's share of a dealt vector, in lanes.
void LoadDealt(EvalContext& context, const Dealt& dealt, uint64_t n, int l, uint8_t* out);

// out[i] = entry entries[i] of this party's share. P1 computes only the cipher blocks that hold
// them. The entries are addresses, so they must be public: positions and opened values.
void LoadDealtAt(EvalContext& context, const Dealt& dealt, std::span<const uint64_t> entries, int l,
                 uint8_t* out);

// What P0 needs for every operation.
struct DealContext {
  Prg& k01;
  Prg& k02;
  Arena& arena;
};

// Both components of a wire's mask at P0, in lanes.
struct MaskPair {
  const uint8_t* l1 = nullptr;
  const uint8_t* l2 = nullptr;
};

// L1 + L2 mod 2^l, in the arena.
uint8_t* WholeMask(DealContext& context, const MaskPair& mask, uint64_t n, int l);

// Writes P2's correction of v (lanes), PackedBytes(n, l) bytes.
void DealVector(DealContext& context, uint32_t stream, const uint8_t* v, uint64_t n, int l,
                uint8_t* correction);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_DEALT_VECTOR_H_
