// SPDX-License-Identifier: Apache-2.0
// Who gets in: roles, certificates, TLS versions, strangers.
#include "runtime/net/introduce.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <ctime>
#include <thread>

#include "runtime/base/private_file.h"
#include "runtime/base/status_matchers.h"
#include "runtime/net/certificate.h"
#include "runtime/net/keygen.h"
#include "runtime/net/test_directory.h"
#include "runtime/net/test_peers.h"

namespace mpcc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr PartyId kP0 = PartyId::kP0, kP1 = PartyId::kP1, kP2 = PartyId::kP2;

// What P1 says about a stranger that does `speak` on a fresh connection; P1 listens with TLS or
// not.
template <typename Speak>
absl::Status ListenTo(const TlsContext* tls, Speak speak) {
  absl::StatusOr<SocketPair> sockets = MakeTcpPair();
  if (!sockets.ok()) return sockets.status();
  // Strangers drive OpenSSL on a socket that waits.
  EXPECT_EQ(fcntl(sockets->connector.get(), F_SETFL, 0), 0);
  std::thread stranger([&] { speak(sockets->connector.get()); });
  absl::StatusOr<IntroducedPeer> peer = Introduce(std::move(sockets->listener), Side::kListener,
                                                  {&kP2, 1}, {.self = kP1, .tls = tls});
  stranger.join();
  return peer.status();
}

void SendText(int fd, const std::string& text) {
  EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

TEST(Introduce, WrongRoleCertificateIsRefusedByTheListener) {
  const IntroducedPair pair = IntroducePair(&TestTls(kP0), &TestTls(kP1));
  EXPECT_THAT(pair.at_listener, StatusIs(absl::StatusCode::kUnauthenticated,
                                         HasSubstr("is party P0 where P2 is expected")));
  EXPECT_THAT(pair.at_connector,
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("closed the connection")));
}

TEST(Introduce, WrongRoleCertificateIsRefusedByTheConnector) {
  const IntroducedPair pair = IntroducePair(&TestTls(kP2), &TestTls(kP0));
  EXPECT_THAT(pair.at_connector, StatusIs(absl::StatusCode::kUnauthenticated,
                                          HasSubstr("is party P0 where P1 is expected")));
  EXPECT_THAT(pair.at_listener, StatusIs(absl::StatusCode::kUnavailable));
}

TEST(Introduce, CertificateOfAnotherAuthorityIsRefused) {
  IntroducedPair pair = IntroducePair(&ForeignTls(kP2), &TestTls(kP1));
  // The connector sees the listener's certificate first.
  EXPECT_THAT(pair.at_connector,
              StatusIs(absl::StatusCode::kUnauthenticated,
                       AllOf(HasSubstr("its certificate is not accepted"), HasSubstr("keygen"))));
  EXPECT_THAT(pair.at_listener, StatusIs(absl::StatusCode::kUnauthenticated,
                                         HasSubstr("refused the certificate of this party")));
}

// The context of a party whose certificate expired a day ago, in files of `directory`.
TlsContext Expired(const Identity& authority, PartyId party, const std::string& directory) {
  const Identity identity = *MakeSigned(CertificateName(party), authority, -1);
  const TlsFiles files = KeyFiles(directory, party);
  const auto write = [](const std::string& path, const SecureBuffer& pem) {
    MPCC_EXPECT_OK(WritePrivateFile(path, std::array{pem.span()}));
  };
  write(files.ca_certificate, *CertificatePem(authority.certificate.get()));
  write(files.certificate, *CertificatePem(identity.certificate.get()));
  write(files.private_key, *KeyPem(identity.key.get()));
  return *TlsContext::Load(files);
}

TEST(Introduce, ACertificateThatHasExpiredIsToldWithItsDate) {
  TestDirectory directory;
  const Identity authority = *MakeAuthority("authority", 30);
  const TlsContext p1 = Expired(authority, kP1, directory.path());
  const TlsContext p2 = Expired(authority, kP2, directory.path());
  const std::time_t yesterday = std::time(nullptr) - 24 * 3600;
  const std::string date = fmt::format("{:%Y-%m-%d}", fmt::gmtime(yesterday));
  EXPECT_THAT(p1.CheckTime(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("the certificate of this party, P1, expired on " + date)));
  const IntroducedPair pair = IntroducePair(&p2, &p1);
  EXPECT_THAT(pair.at_connector,
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("its certificate expired on " + date + ": make new ones")));
  EXPECT_THAT(pair.at_listener, StatusIs(absl::StatusCode::kUnauthenticated,
                                         HasSubstr("certificate of this party has expired")));
  MPCC_EXPECT_OK(TestTls(kP1).CheckTime());
}

TEST(Introduce, RoleMustBeTheOneInTheCertificate) {
  MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
  std::thread liar([&] {
    (void)Introduce(std::move(sockets.connector), Side::kConnector, {&kP1, 1},
                    {.self = kP0, .tls = &TestTls(kP2)});
  });
  EXPECT_THAT(Introduce(std::move(sockets.listener), Side::kListener, {&kP2, 1},
                        {.self = kP1, .tls = &TestTls(kP1)}),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("calls itself party P0 but has the certificate of P2")));
  liar.join();
}

TEST(Introduce, WrongRoleIsRefusedWithoutTls) {
  MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
  std::thread other([&] {
    (void)Introduce(std::move(sockets.connector), Side::kConnector, {&kP1, 1}, {.self = kP0});
  });
  EXPECT_THAT(
      Introduce(std::move(sockets.listener), Side::kListener, {&kP2, 1}, {.self = kP1}),
      StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("is party P0 where P2 is expected")));
  other.join();
}

TEST(Introduce, PlainPartyAtATlsPortIsToldSo) {
  const IntroducedPair pair = IntroducePair(nullptr, &TestTls(kP1));
  EXPECT_THAT(pair.at_listener,
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("does not speak tls"), HasSubstr("the same tls setting"))));
  EXPECT_FALSE(pair.at_connector.ok());
}

TEST(Introduce, TlsPartyAtAPlainPortIsToldSo) {
  const IntroducedPair pair = IntroducePair(&TestTls(kP2), nullptr);
  EXPECT_THAT(pair.at_listener,
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("the same tls setting")));
  EXPECT_THAT(pair.at_connector.status().ToString(), HasSubstr("the same tls setting"));
}

TEST(Introduce, BrowserAtATlsPortIsToldSo) {
  EXPECT_THAT(ListenTo(&TestTls(kP1), [](int fd) { SendText(fd, "GET / HTTP/1.1\r\n\r\n"); }),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("does not speak tls")));
}

TEST(Introduce, OtherProgramAtAPlainPortIsToldSo) {
  EXPECT_THAT(
      ListenTo(nullptr, [](int fd) { SendText(fd, std::string("\x08\0\0\0notmpcc!", 12)); }),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("does not greet like an mpcc party")));
}

TEST(Introduce, TlsOnePointTwoIsRefused) {
  const absl::Status status = ListenTo(&TestTls(kP1), [](int fd) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    EXPECT_NE(SSL_connect(ssl), 1);
    SSL_free(ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("tls 1.3")));
}

TEST(Introduce, ClientWithoutACertificateIsRefused) {
  const absl::Status status = ListenTo(&TestTls(kP1), [](int fd) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    SSL_connect(ssl);
    SSL_free(ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("no certificate")));
}

TEST(Introduce, ConnectionClosedAtOnceIsUnavailable) {
  for (const TlsContext* tls : {static_cast<const TlsContext*>(nullptr), &TestTls(kP1)}) {
    EXPECT_THAT(ListenTo(tls, [](int fd) { shutdown(fd, SHUT_RDWR); }),
                StatusIs(absl::StatusCode::kUnavailable, HasSubstr("closed the connection")));
  }
}

// Each byte of a greeting comes in time, the greeting does not.
TEST(Introduce, HasOneDeadline) {
  MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
  std::jthread slow([&](const std::stop_token& stop) {
    const std::string greeting("\x08\0\0\0mpcc\2\0\0\0", 12);
    for (size_t i = 0; i < greeting.size() && !stop.stop_requested(); ++i) {
      send(sockets.connector.get(), &greeting[i], 1, MSG_NOSIGNAL);
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
  });
  EXPECT_THAT(
      Introduce(std::move(sockets.listener), Side::kListener, {&kP2, 1},
                {.self = kP1, .timeout = std::chrono::milliseconds(100)}),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("did not introduce itself in 100 ms")));
}

TEST(PartyOfCertificate, NeedsExactlyOneParty) {
  MPCC_ASSERT_OK_AND_ASSIGN(const Identity authority, MakeAuthority("test", 1));
  const auto party_of = [&](const std::string& name) -> absl::StatusOr<PartyId> {
    MPCC_ASSIGN_OR_RETURN(const Identity identity, MakeSigned(name, authority, 1));
    return PartyOfCertificate(identity.certificate.get());
  };
  MPCC_ASSERT_OK_AND_ASSIGN(const PartyId p2, party_of("mpcc-party-2"));
  EXPECT_EQ(p2, kP2);
  for (const char* name : {"mpcc-party-3", "mpcc-party-", "x.mpcc-party-1", "*"}) {
    EXPECT_THAT(party_of(name),
                StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("names no party")))
        << name;
  }
  EXPECT_THAT(party_of("mpcc-party-0,DNS:mpcc-party-1"),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("more than one party")));
}

}  // namespace
}  // namespace mpcc
