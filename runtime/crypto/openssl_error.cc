// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/openssl_error.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <cstdio>
#include <cstdlib>

namespace mpcc {

std::string TakeOpensslErrors() {
  std::string text;
  while (const unsigned long error = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(error);
    if (!text.empty()) text += "; ";
    text += reason != nullptr ? std::string(reason) : fmt::format("error {:#x}", error);
  }
  return text.empty() ? "no reason given" : text;
}

absl::Status OpensslError(const std::string& what) {
  return absl::InternalError(fmt::format("{} failed in openssl: {}", what, TakeOpensslErrors()));
}

void CheckOpenssl(bool ok, const char* what) {
  if (ok) return;
  fmt::print(stderr, "fatal: {} failed in openssl: {}\n", what, TakeOpensslErrors());
  std::abort();
}

}  // namespace mpcc
