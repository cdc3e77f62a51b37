// SPDX-License-Identifier: Apache-2.0
// OpenSSL's error queue as text, Status or, where no caller could go on, the end of the process.
#ifndef MPCC_RUNTIME_CRYPTO_OPENSSL_ERROR_H_
#define MPCC_RUNTIME_CRYPTO_OPENSSL_ERROR_H_

#include <string>

#include "absl/status/status.h"

namespace mpcc {

// The reasons in this thread's error queue joined by "; ", which is emptied. "no reason given"
// when it is empty.
std::string TakeOpensslErrors();

// INTERNAL "<what> failed in openssl: <reasons>".
absl::Status OpensslError(const std::string& what);

// Ends the process when ok is false. For calls that fail only when OpenSSL is broken or memory is
// gone, and whose failure must not be taken for a keystream or a digest.
void CheckOpenssl(bool ok, const char* what);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_CRYPTO_OPENSSL_ERROR_H_
