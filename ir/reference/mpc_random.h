// SPDX-License-Identifier: Apache-2.0
// The randomness of an interpreted run: the pair keys' streams, as ring elements.
#ifndef MPCC_IR_REFERENCE_MPC_RANDOM_H_
#define MPCC_IR_REFERENCE_MPC_RANDOM_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "ir/reference/mpc_value.h"
#include "runtime/crypto/prg.h"
#include "runtime/crypto/session_keys.h"

namespace mpcc::reference {

// What P0 shares with P1 (seed01) and with P2 (seed02), and which inference of
// which program of which plans is run.
struct SessionKeys {
  std::array<uint8_t, kSeedBytes> seed01{};
  std::array<uint8_t, kSeedBytes> seed02{};
  std::array<uint8_t, kPlanSetIdBytes> plan_set_id{};
  uint32_t program = 0;
  uint64_t inference = 0;
};

enum class PairKey { k01, k02, kSetup01 };

// Vectors over Z_2^l from numbered streams, in the form of docs/protocol.md.
class RandomSource {
 public:
  static absl::StatusOr<RandomSource> Create(const SessionKeys& keys);

  Ring Vector(PairKey key, Stream stream, size_t count, int width);
  // Element `index` of that vector, for the one entry that a lookup reads of a long one.
  uint64_t Element(PairKey key, Stream stream, uint64_t index, int width);

 private:
  RandomSource(Prg k01, Prg k02, Prg setup01);

  std::array<Prg, 3> prgs_;
};

// Keys that depend on `seed` alone, for runs that need some randomness and no counterpart.
SessionKeys KeysFromSeed(uint64_t seed);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_RANDOM_H_
