// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "runtime/crypto/openssl_error.h"

namespace mpcc {
namespace {

void Start(EVP_MD_CTX* context) {
  CheckOpenssl(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1, "starting sha-256");
}

}  // namespace

void Sha256::FreeContext::operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  CheckOpenssl(context_ != nullptr, "allocating a sha-256 context");
  Start(context_.get());
}

void Sha256::Update(std::span<const uint8_t> bytes) {
  CheckOpenssl(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "sha-256");
}

Sha256Digest Sha256::Finish() {
  Sha256Digest digest;
  CheckOpenssl(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "sha-256");
  Start(context_.get());
  return digest;
}

Sha256Digest Sha256Of(std::span<const uint8_t> bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Finish();
}

std::string HexString(std::span<const uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) fmt::format_to(std::back_inserter(text), "{:02x}", byte);
  return text;
}

}  // namespace mpcc
