// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/test_peers.h"

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/base/status_macros.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "runtime/net/test_directory.h"

namespace mpcc {
namespace {

constexpr std::chrono::seconds kPatience{60};

std::vector<TlsContext> MakeContexts() {
  TestDirectory directory;
  std::vector<TlsContext> contexts;
  (void)GenerateKeys({.directory = directory.path()});
  for (PartyId party : kAllParties) {
    absl::StatusOr<TlsContext> context = TlsContext::Load(KeyFiles(directory.path(), party));
    if (!context.ok()) {
      std::fprintf(stderr, "no test certificates: %s\n", context.status().ToString().c_str());
      std::abort();
    }
    contexts.push_back(*std::move(context));
  }
  return contexts;
}

}  // namespace

absl::StatusOr<SocketPair> MakeTcpPair() {
  const Deadline deadline = std::chrono::steady_clock::now() + kPatience;
  MPCC_ASSIGN_OR_RETURN(Listener listener, Listener::Bind({"127.0.0.1", 0}));
  MPCC_ASSIGN_OR_RETURN(UniqueFd connector, ConnectTcp(listener.endpoint(), deadline));
  MPCC_ASSIGN_OR_RETURN(UniqueFd accepted, listener.Accept(deadline));
  return SocketPair{std::move(connector), std::move(accepted)};
}

const TlsContext& TestTls(PartyId party) {
  static const std::vector<TlsContext> contexts = MakeContexts();
  return contexts[PartyIndex(party)];
}

const TlsContext& ForeignTls(PartyId party) {
  static const std::vector<TlsContext> contexts = MakeContexts();
  return contexts[PartyIndex(party)];
}

IntroducedPair IntroducePair(const TlsContext* connector_tls, const TlsContext* listener_tls,
                             const WaitOptions& wait) {
  absl::StatusOr<SocketPair> sockets = MakeTcpPair();
  if (!sockets.ok()) return {sockets.status(), sockets.status()};
  IntroducedPair pair{absl::UnknownError("not tried"), absl::UnknownError("not tried")};
  const PartyId p1 = PartyId::kP1, p2 = PartyId::kP2;
  std::thread connector([&] {
    pair.at_connector = Introduce(std::move(sockets->connector), Side::kConnector, {&p1, 1},
                                  {p2, connector_tls, wait, kPatience});
  });
  pair.at_listener = Introduce(std::move(sockets->listener), Side::kListener, {&p2, 1},
                               {p1, listener_tls, wait, kPatience});
  connector.join();
  return pair;
}

}  // namespace mpcc
