// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of bytes that arrive in pieces, and digests as text.
#ifndef MPCC_RUNTIME_CRYPTO_SHA256_H_
#define MPCC_RUNTIME_CRYPTO_SHA256_H_

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace mpcc {

using Sha256Digest = std::array<uint8_t, 32>;

class Sha256 {
 public:
  Sha256();

  void Update(std::span<const uint8_t> bytes);

  // The digest of all bytes since the start or the last Finish; starts again.
  Sha256Digest Finish();

 private:
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

Sha256Digest Sha256Of(std::span<const uint8_t> bytes);

// Two lower-case hexadecimal digits a byte.
std::string HexString(std::span<const uint8_t> bytes);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_SHA256_H_
