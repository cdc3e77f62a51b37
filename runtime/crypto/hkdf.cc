// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/hkdf.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <string>

#include "runtime/crypto/openssl_error.h"

namespace mpcc {
namespace {

constexpr size_t kMaxOutput = 255 * 32;

// An empty string must still have an address: OpenSSL takes a null one for a missing parameter.
OSSL_PARAM Octets(const char* name, std::span<const uint8_t> bytes) {
  static constexpr uint8_t kNothing = 0;
  const uint8_t* data = bytes.empty() ? &kNothing : bytes.data();
  return OSSL_PARAM_construct_octet_string(name, const_cast<uint8_t*>(data), bytes.size());
}

}  // namespace

absl::Status HkdfSha256(std::span<const uint8_t> secret, std::span<const uint8_t> salt,
                        std::span<const uint8_t> info, std::span<uint8_t> out) {
  if (secret.empty() || out.empty() || out.size() > kMaxOutput) {
    return absl::InvalidArgumentError(
        fmt::format("hkdf got a secret of {} bytes and was asked for {}: give a secret and ask for "
                    "1 to {} bytes",
                    secret.size(), out.size(), kMaxOutput));
  }
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      EVP_KDF_CTX_new(kdf.get()), &EVP_KDF_CTX_free);
  std::string digest = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      Octets(OSSL_KDF_PARAM_KEY, secret), Octets(OSSL_KDF_PARAM_SALT, salt),
      Octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_KDF_derive(context.get(), out.data(), out.size(), params) != 1) {
    return OpensslError("hkdf");
  }
  return absl::OkStatus();
}

}  // namespace mpcc
