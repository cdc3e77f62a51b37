// SPDX-License-Identifier: Apache-2.0
// Fresh randomness for seeds and keys.
#ifndef MPCC_RUNTIME_CRYPTO_RANDOM_H_
#define MPCC_RUNTIME_CRYPTO_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc {

// Fills `out` from OpenSSL's private generator, seeded by the system. INTERNAL when it has no
// entropy: `out` must not be used then.
absl::Status FillRandom(std::span<uint8_t> out);

// A fresh secret of that many bytes, in locked memory.
absl::StatusOr<SecureBuffer> RandomSecret(size_t bytes);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_RANDOM_H_
