// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/tls_stream.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/openssl_error.h"
#include "runtime/net/tls_bio.h"
#include "runtime/net/waiter.h"

namespace mpcc {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

// A full record on the wire: header, content, type and tag, with room to spare.
constexpr size_t kMaxRecordBytes = SSL3_RT_MAX_PLAIN_LENGTH + 256;

class TlsStream : public ByteStream {
 public:
  TlsStream(UniqueFd fd, SslPtr ssl)
      : fd_(std::move(fd)), ssl_(std::move(ssl)), record_(SSL3_RT_MAX_PLAIN_LENGTH) {}
  ~TlsStream() override {
    if (!failed_ && SSL_shutdown(ssl_.get()) >= 0) FlushSocketBio(bio());
    ERR_clear_error();
  }

  // Encrypts as many records as the buffer under OpenSSL holds, then sends them together.
  IoResult TryWrite(std::span<const uint8_t> head, std::span<const uint8_t> body) override {
    IoResult written;
    while (!(head.empty() && body.empty()) && SocketBioRoom(bio()) >= kMaxRecordBytes) {
      const IoResult record = WriteRecord(head, body);
      if (record.bytes == 0) return written.bytes > 0 ? written : record;
      written.bytes += record.bytes;
      const size_t of_head = std::min(record.bytes, head.size());
      head = head.subspan(of_head);
      body = body.subspan(record.bytes - of_head);
    }
    IoResult sent = FlushSocketBio(bio());
    unsent_ = sent.wants != 0;
    failed_ |= !sent.status.ok();
    return sent.status.ok() && written.bytes > 0 ? written : sent;
  }

  IoResult TryRead(std::span<uint8_t> head, std::span<uint8_t> body) override {
    const std::span<uint8_t> out = head.empty() ? body : head;
    size_t bytes = 0;
    ERR_clear_error();  // SSL_get_error takes any queued error for its own
    const int answer = SSL_read_ex(ssl_.get(), out.data(), out.size(), &bytes);
    return answer == 1 ? IoResult{bytes, 0, {}} : Failed(answer);
  }

  bool unsent() const override { return unsent_; }
  bool Ended() override {
    uint8_t next = 0;
    size_t bytes = 0;
    ERR_clear_error();
    const int answer = SSL_peek_ex(ssl_.get(), &next, 1, &bytes);
    return answer != 1 && !Failed(answer).status.ok();
  }
  int fd() const override { return fd_.get(); }

 private:
  BIO* bio() const { return SSL_get_wbio(ssl_.get()); }

  // The header of a frame travels in one record with the start of its body.
  IoResult WriteRecord(std::span<const uint8_t> head, std::span<const uint8_t> body) {
    if (head.empty()) return Write(body.first(std::min(body.size(), record_.size())));
    const auto start = body.first(std::min(body.size(), record_.size() - head.size()));
    std::memcpy(record_.data(), head.data(), head.size());
    if (!start.empty()) std::memcpy(record_.data() + head.size(), start.data(), start.size());
    return Write(record_.span().first(head.size() + start.size()));
  }

  IoResult Write(std::span<const uint8_t> bytes) {
    size_t written = 0;
    ERR_clear_error();
    const int answer = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
    return answer == 1 ? IoResult{written, 0, {}} : Failed(answer);
  }

  IoResult Failed(int answer) {
    const int error = SSL_get_error(ssl_.get(), answer);
    if (error == SSL_ERROR_WANT_READ) return {0, POLLIN, {}};
    if (error == SSL_ERROR_WANT_WRITE) return {0, POLLOUT, {}};
    failed_ = true;
    const bool eof = error == SSL_ERROR_SSL &&
                     ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (error == SSL_ERROR_SSL && !eof) {
      return {0, 0, absl::UnavailableError(fmt::format("broke off tls ({})", TakeOpensslErrors()))};
    }
    ERR_clear_error();
    return {0, 0, absl::UnavailableError("closed the connection")};
  }

  UniqueFd fd_;
  SslPtr ssl_;
  SecureBuffer record_;  // plaintext of a frame's first record
  bool unsent_ = false;
  bool failed_ = false;  // SSL_shutdown is not allowed then
};

struct Refusal {
  int reason;
  absl::StatusCode code;
  const char* remedy;
};

constexpr char kSameTls[] = "it does not speak tls: give every party the same tls setting";
constexpr char kTls13[] = "it does not offer tls 1.3, the only version accepted";
constexpr char kOurs[] =
    "it refused the certificate of this party: use certificates of one 'mpcc keygen' run";

constexpr Refusal kRefusals[] = {
    {SSL_R_WRONG_VERSION_NUMBER, absl::StatusCode::kFailedPrecondition, kSameTls},
    {SSL_R_HTTP_REQUEST, absl::StatusCode::kFailedPrecondition, kSameTls},
    {SSL_R_PACKET_LENGTH_TOO_LONG, absl::StatusCode::kFailedPrecondition, kSameTls},
    {SSL_R_UNSUPPORTED_PROTOCOL, absl::StatusCode::kFailedPrecondition, kTls13},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, absl::StatusCode::kFailedPrecondition, kTls13},
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, absl::StatusCode::kUnauthenticated,
     "it has no certificate: give it one from 'mpcc keygen'"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, absl::StatusCode::kUnauthenticated, kOurs},
    {SSL_R_TLSV1_ALERT_DECRYPT_ERROR, absl::StatusCode::kUnauthenticated, kOurs},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, absl::StatusCode::kUnauthenticated, kOurs},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, absl::StatusCode::kUnauthenticated,
     "by its clock the certificate of this party has expired: make new ones with 'mpcc keygen', or "
     "check the clocks"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, absl::StatusCode::kUnauthenticated, kOurs},
};

absl::Status HandshakeError(SSL* ssl, int error, const std::string& address) {
  const auto failed = [&](absl::StatusCode code, const std::string& why) {
    ERR_clear_error();
    return absl::Status(code, fmt::format("the tls handshake with {} failed: {}", address, why));
  };
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (error != SSL_ERROR_SSL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return failed(
        absl::StatusCode::kUnavailable,
        "it closed the connection: see its log, and give every party the same tls setting");
  }
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    const auto& not_now = *static_cast<std::string*>(SSL_get_app_data(ssl));
    if (!not_now.empty())
      return failed(absl::StatusCode::kUnauthenticated, "its certificate " + not_now);
    return failed(absl::StatusCode::kUnauthenticated,
                  fmt::format("its certificate is not accepted ({}): use certificates of one 'mpcc "
                              "keygen' run",
                              X509_verify_cert_error_string(SSL_get_verify_result(ssl))));
  }
  for (const Refusal& refusal : kRefusals) {
    if (refusal.reason == reason) return failed(refusal.code, refusal.remedy);
  }
  const std::string reasons = TakeOpensslErrors();
  return failed(absl::StatusCode::kUnavailable, reasons);
}

absl::Status RunHandshake(SSL* ssl, int fd, const std::string& address, const WaitOptions& wait) {
  Waiter waiter(fd, wait, Patience::kWhole);
  while (true) {
    ERR_clear_error();
    const int answer = SSL_do_handshake(ssl);
    if (answer == 1) return absl::OkStatus();
    const int error = SSL_get_error(ssl, answer);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      return HandshakeError(ssl, error, address);
    }
    if (!waiter.Wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) {
      return absl::UnavailableError(fmt::format("{} did not finish the tls handshake in {} ms",
                                                address, wait.peer_timeout.count()));
    }
  }
}

}  // namespace

absl::StatusOr<TlsPeer> StartTls(UniqueFd fd, Side side, const TlsContext& context,
                                 const std::string& address, const WaitOptions& wait) {
  SslPtr ssl(SSL_new(context.get()));
  BIO* bio = NewSocketBio(fd.get());
  if (ssl == nullptr || bio == nullptr) return OpensslError("starting tls");
  SSL_set_bio(ssl.get(), bio, bio);
  std::string not_now;  // NoteTime's
  SSL_set_app_data(ssl.get(), &not_now);
  if (side == Side::kConnector) {
    SSL_set_connect_state(ssl.get());
  } else {
    SSL_set_accept_state(ssl.get());
  }
  MPCC_RETURN_IF_ERROR(RunHandshake(ssl.get(), fd.get(), address, wait));
  SSL_set_app_data(ssl.get(), nullptr);
  absl::StatusOr<PartyId> party = PartyOfCertificate(SSL_get0_peer_certificate(ssl.get()));
  if (!party.ok()) {
    return absl::UnauthenticatedError(
        fmt::format("{}: {}", address, std::string(party.status().message())));
  }
  return TlsPeer{std::make_unique<TlsStream>(std::move(fd), std::move(ssl)), *party};
}

}  // namespace mpcc
