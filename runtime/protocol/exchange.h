// SPDX-License-Identifier: Apache-2.0
// The three operations that send messages. Each takes any number of vectors and sends them as one
// message: every vector packed to its exact bits, starting on a byte.
#ifndef MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_
#define MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "runtime/net/channel.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

// A vector on its way from one sharing to another, in lanes; a null pointer where a party has no
// such operand.
struct ExchangedVector {
  uint64_t elements = 0;
  int width = 0;
  uint32_t stream = 0;  // of the result's mask
  const uint8_t* share =
      nullptr;              // INPUT: P1's plaintext; RESHARE, REVEAL: this party's additive share
  uint8_t* m = nullptr;     // masked result; REVEAL: the plaintext at P1
  uint8_t* mask = nullptr;  // this party's mask component
};

// Rank, result: INPUT gives (m, L1) at P1 and (m, 0) at P2; P1 sends. RESHARE: m = a1 + L1 + a2 +
// L2; both send. REVEAL: P1 gets a1 + a2; P2 sends. Errors are the channel's. `peer` is the other
// evaluator.
absl::Status ExchangeInput(EvalContext& context, Channel& peer,
                           std::span<const ExchangedVector> vectors);
absl::Status ExchangeReshare(EvalContext& context, Channel& peer,
                             std::span<const ExchangedVector> vectors);
absl::Status ExchangeReveal(EvalContext& context, Channel& peer,
                            std::span<const ExchangedVector> vectors);

// P0: both components of a fresh mask; of an input's mask the second is zero.
void DealMask(DealContext& context, uint32_t stream, uint64_t elements, int width, bool of_input,
              uint8_t* l1, uint8_t* l2);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_EXCHANGE_H_
