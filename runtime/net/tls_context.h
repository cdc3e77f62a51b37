// SPDX-License-Identifier: Apache-2.0
// Who this party is on the network and whom it believes.
#ifndef MPCC_RUNTIME_NET_TLS_CONTEXT_H_
#define MPCC_RUNTIME_NET_TLS_CONTEXT_H_

#include <openssl/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/party.h"

namespace mpcc {

// PEM files. The key must not be accessible to other users.
struct TlsFiles {
  std::string ca_certificate;  // the only authority believed; the system's are not
  std::string certificate;     // this party's, with its chain if any
  std::string private_key;
};

// The name a party's certificate carries as its DNS subject alternative name: "mpcc-party-1".
std::string CertificateName(PartyId party);

// Why a certificate may not be used now, with the date and what to do; empty if it may.
std::string NotNow(const X509* certificate);

// The one party that the certificate names; UNAUTHENTICATED when it names none or several.
absl::StatusOr<PartyId> PartyOfCertificate(const X509* certificate);

// Settings for both ends of a connection: TLS 1.3 only, certificates required from both, no
// resumption. Shared by threads.
class TlsContext {
 public:
  // INVALID_ARGUMENT, NOT_FOUND or FAILED_PRECONDITION name the file and what is wrong with it.
  static absl::StatusOr<TlsContext> Load(const TlsFiles& files);

  // FAILED_PRECONDITION, with the date, when this party's certificate is not valid now.
  absl::Status CheckTime() const;

  SSL_CTX* get() const { return context_.get(); }
  PartyId party() const { return party_; }  // of the loaded certificate

 private:
  struct Free {
    void operator()(SSL_CTX* context) const;
  };
  TlsContext(std::unique_ptr<SSL_CTX, Free> context, PartyId party)
      : context_(std::move(context)), party_(party) {}

  std::unique_ptr<SSL_CTX, Free> context_;
  PartyId party_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TLS_CONTEXT_H_
