// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <limits>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/openssl_error.h"

namespace mpcc {

absl::Status FillRandom(std::span<uint8_t> out) {
  constexpr size_t kMost = std::numeric_limits<int>::max();
  while (!out.empty()) {
    const size_t bytes = std::min(out.size(), kMost);
    if (RAND_priv_bytes(out.data(), static_cast<int>(bytes)) != 1) {
      return OpensslError("drawing random bytes");
    }
    out = out.subspan(bytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<SecureBuffer> RandomSecret(size_t bytes) {
  SecureBuffer secret = SecureBuffer::Locked(bytes);
  MPCC_RETURN_IF_ERROR(FillRandom(secret.span()));
  return secret;
}

}  // namespace mpcc
