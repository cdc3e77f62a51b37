// SPDX-License-Identifier: Apache-2.0
// The generators that a pair of parties derives from its 32-byte session seed:
//   key = HKDF-SHA256(secret = seed, salt = plan-set id, info), 16 bytes, where
//   info = "mpcc setup"                               once per model instance
//   info = "mpcc inference" || be64(inference number) once per inference, never again
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

absl::StatusOr<Prg> SetupPrg(std::span<const uint8_t, kSeedBytes> seed,
                             std::span<const uint8_t, kPlanSetIdBytes> plan_set_id);

absl::StatusOr<Prg> InferencePrg(std::span<const uint8_t, kSeedBytes> seed,
                                 std::span<const uint8_t, kPlanSetIdBytes> plan_set_id,
                                 uint64_t inference_number);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_SESSION_KEYS_H_
