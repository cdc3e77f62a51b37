// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/tls_context.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <optional>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/openssl_error.h"

namespace mpcc {
namespace {

// AES-128 first: the fastest here, and the strength of the protocol's own streams.
constexpr char kCiphers[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

bool NamesParty(const X509* certificate, PartyId party) {
  const std::string name = CertificateName(party);
  return X509_check_host(const_cast<X509*>(certificate), name.data(), name.size(),
                         X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS,
                         nullptr) == 1;
}

absl::Status CheckReadable(const std::string& path, const char* what) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return absl::NotFoundError(
        fmt::format("there is no {} file '{}': make one with 'mpcc keygen'", what, path));
  }
  return absl::OkStatus();
}

absl::Status CheckPrivate(const std::string& path) {
  MPCC_RETURN_IF_ERROR(CheckReadable(path, "private key"));
  struct stat info;
  if (stat(path.c_str(), &info) != 0 || (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("the private key '{}' is open to other users: run 'chmod 600 {}'", path, path));
  }
  return absl::OkStatus();
}

absl::Status BadFile(const std::string& path, const char* wanted) {
  return absl::InvalidArgumentError(
      fmt::format("'{}' is not {}: {}", path, wanted, TakeOpensslErrors()));
}

// What OpenSSL works out of a certificate when it is first used is worked out now: introductions
// that run side by side share them.
void PrepareForThreads(SSL_CTX* context) {
  const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i)
    if (X509* certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)))
      X509_check_purpose(certificate, -1, 0);
  if (X509* own = SSL_CTX_get0_certificate(context)) X509_check_purpose(own, -1, 0);
}

absl::Status LoadFiles(SSL_CTX* context, const TlsFiles& files) {
  MPCC_RETURN_IF_ERROR(CheckReadable(files.ca_certificate, "ca certificate"));
  MPCC_RETURN_IF_ERROR(CheckReadable(files.certificate, "certificate"));
  MPCC_RETURN_IF_ERROR(CheckPrivate(files.private_key));
  if (SSL_CTX_load_verify_file(context, files.ca_certificate.c_str()) != 1) {
    return BadFile(files.ca_certificate, "a ca certificate in pem form");
  }
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return BadFile(files.certificate, "a certificate in pem form");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return BadFile(files.private_key, fmt::format("the key of '{}'", files.certificate).c_str());
  }
  PrepareForThreads(context);
  return absl::OkStatus();
}

// Notes what is wrong with the time of a certificate of the peer's chain, in the text that StartTls
// gives for it.
int NoteTime(int accepted, X509_STORE_CTX* store) {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const text = ssl ? static_cast<std::string*>(SSL_get_app_data(ssl)) : nullptr;
  const X509* const certificate = X509_STORE_CTX_get_current_cert(store);
  if (!accepted && text && certificate) *text = NotNow(certificate);
  return accepted;
}

void Restrict(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NoteTime);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

}  // namespace

std::string NotNow(const X509* certificate) {
  const auto day = [](const ASN1_TIME* time) {
    tm date{};
    if (ASN1_TIME_to_tm(time, &date) != 1) return std::string("a date that cannot be read");
    return fmt::format("{:04}-{:02}-{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
  };
  const ASN1_TIME* const end = X509_get0_notAfter(certificate);
  const ASN1_TIME* const begin = X509_get0_notBefore(certificate);
  if (X509_cmp_current_time(end) <= 0)
    return fmt::format("expired on {}: make new ones with 'mpcc keygen'", day(end));
  if (X509_cmp_current_time(begin) > 0)
    return fmt::format("is valid from {} on: check the clocks of the machines", day(begin));
  return "";
}

absl::Status TlsContext::CheckTime() const {
  const std::string why = NotNow(SSL_CTX_get0_certificate(context_.get()));
  if (why.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("the certificate of this party, {}, {}", PartyName(party_), why));
}

std::string CertificateName(PartyId party) {
  return fmt::format("mpcc-party-{}", PartyIndex(party));
}

absl::StatusOr<PartyId> PartyOfCertificate(const X509* certificate) {
  std::optional<PartyId> found;
  for (PartyId party : kAllParties) {
    if (!NamesParty(certificate, party)) continue;
    if (found) return absl::UnauthenticatedError("the certificate names more than one party");
    found = party;
  }
  if (!found) {
    return absl::UnauthenticatedError(
        "the certificate names no party: its dns name must be mpcc-party-0, mpcc-party-1 or "
        "mpcc-party-2");
  }
  return *found;
}

void TlsContext::Free::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

absl::StatusOr<TlsContext> TlsContext::Load(const TlsFiles& files) {
  std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_method()));
  if (context == nullptr || SSL_CTX_set_ciphersuites(context.get(), kCiphers) != 1) {
    return OpensslError("setting up tls");
  }
  Restrict(context.get());
  MPCC_RETURN_IF_ERROR(LoadFiles(context.get(), files));
  absl::StatusOr<PartyId> party = PartyOfCertificate(SSL_CTX_get0_certificate(context.get()));
  if (!party.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("'{}': {}", files.certificate, std::string(party.status().message())));
  }
  return TlsContext(std::move(context), *party);
}

}  // namespace mpcc
