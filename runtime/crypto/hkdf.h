// SPDX-License-Identifier: Apache-2.0
// HKDF with SHA-256 (RFC 5869): extract, then expand.
#ifndef MPCC_RUNTIME_CRYPTO_HKDF_H_
#define MPCC_RUNTIME_CRYPTO_HKDF_H_

#include <cstdint>
#include <span>

#include "absl/status/status.h"

namespace mpcc {

// Fills `out` (at most 255*32 bytes) with key material derived from `secret`, which must not be
// empty; salt and info may be. INVALID_ARGUMENT for sizes out of range.
absl::Status HkdfSha256(std::span<const uint8_t> secret, std::span<const uint8_t> salt,
                        std::span<const uint8_t> info, std::span<uint8_t> out);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_HKDF_H_
