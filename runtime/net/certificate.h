// SPDX-License-Identifier: Apache-2.0
// Making X.509 certificates; used by keygen.
#ifndef MPCC_RUNTIME_NET_CERTIFICATE_H_
#define MPCC_RUNTIME_NET_CERTIFICATE_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeOpenssl>;
using CertificatePtr = std::unique_ptr<X509, FreeOpenssl>;

struct Identity {
  KeyPtr key;
  CertificatePtr certificate;
};

// An authority that signs itself.
absl::StatusOr<Identity> MakeAuthority(const std::string& name, int valid_days);

// A party's key and certificate, good for both ends of a TLS connection; `name` becomes its
// subject and DNS name.
absl::StatusOr<Identity> MakeSigned(const std::string& name, const Identity& authority,
                                    int valid_days);

absl::StatusOr<SecureBuffer> CertificatePem(const X509* certificate);
absl::StatusOr<SecureBuffer> KeyPem(const EVP_PKEY* key);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_CERTIFICATE_H_
