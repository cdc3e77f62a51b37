// SPDX-License-Identifier: Apache-2.0
// The generators that a pair of parties derives from its 32-byte session seed:
//   key = HKDF-SHA256(secret = seed, salt = plan-set id, info), 16 bytes, where
//   info = "mpcc setup"                      once per model instance
//   info = "mpcc inference" || be32(program) || be64(inference number)
//                                            once per inference of a program, never again
//
// Below a key, a vector has a stream of its own for what it is used as: role and number.
#ifndef MPCC_RUNTIME_CRYPTO_SESSION_KEYS_H_
#define MPCC_RUNTIME_CRYPTO_SESSION_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "runtime/crypto/prg.h"

namespace mpcc {

inline constexpr size_t kSeedBytes = 32;
inline constexpr size_t kPlanSetIdBytes = 32;

// What a vector of a stream is: numbers of different roles never name the same bytes, so that no
// program can make a dealt vector undo a mask.
enum class StreamRole : uint32_t { kDealt, kOpeningMask, kInputMask };

struct Stream {
  StreamRole role;
  uint32_t number;

  // The stream of a Prg.
  uint64_t id() const { return uint64_t{static_cast<uint32_t>(role)} << 32 | number; }
};

absl::StatusOr<Prg> SetupPrg(std::span<const uint8_t, kSeedBytes> seed,
                             std::span<const uint8_t, kPlanSetIdBytes> plan_set_id);

absl::StatusOr<Prg> InferencePrg(std::span<const uint8_t, kSeedBytes> seed,
                                 std::span<const uint8_t, kPlanSetIdBytes> plan_set_id,
                                 uint32_t program, uint64_t inference_number);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_SESSION_KEYS_H_
