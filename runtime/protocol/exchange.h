// SPDX-License-Identifier: Apache-2.0
// The three operations that send messages. Each takes any number of vectors and sends them as one
// message: every vector packed to its exact bits, starting on a byte.
#ifndef MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_
#define MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_

#include <cstdint>
#include <span>
#include <variant>

#include "absl/status/status.h"
#include "mpcc/channel.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// A vector on its way from one sharing to another; empty where a party has no such operand.
template <typename ConstVector, typename Vector>
struct Exchanged {
  uint32_t stream = 0;  // number of the result's mask
  ConstVector share{};  // INPUT: P1's plaintext; RESHARE, REVEAL: this party's additive share
  Vector m{};           // masked result; REVEAL: the plaintext at P1
  Vector mask{};        // this party's mask component
};
using ExchangedLanes = Exchanged<ConstRingVector, RingVector>;
using ExchangedBits = Exchanged<ConstBitVector, BitVector>;
using ExchangedVector = std::variant<ExchangedLanes, ExchangedBits>;

// Rank, result: INPUT gives (m, L1) at P1 and (m, 0) at P2; P1 sends. RESHARE: m = a1 + L1 + a2 +
// L2; both send. REVEAL: P1 gets a1 + a2; P2 sends. Errors are the channel's. `peer` is the other
// evaluator.
absl::Status ExchangeInput(EvalContext& context, Channel& peer,
                           std::span<const ExchangedVector> vectors);
absl::Status ExchangeReshare(EvalContext& context, Channel& peer,
                             std::span<const ExchangedVector> vectors);
absl::Status ExchangeReveal(EvalContext& context, Channel& peer,
                            std::span<const ExchangedVector> vectors);

// P0: both components of a fresh mask.
void DealMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2);
void DealMask(DealContext& context, uint32_t stream, BitVector l1, BitVector l2);
// The same for the mask of an input, whose second component is zero.
void DealInputMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2);
void DealInputMask(DealContext& context, uint32_t stream, BitVector l1, BitVector l2);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_
