// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/connect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "mpcc/network.h"
#include "runtime/base/status_macros.h"
#include "runtime/base/status_matchers.h"
#include "runtime/net/gather.h"
#include "runtime/net/introductions.h"
#include "runtime/net/test_peers.h"

namespace mpcc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr PartyId kP0 = PartyId::kP0, kP1 = PartyId::kP1, kP2 = PartyId::kP2;
constexpr std::chrono::seconds kPatience{60};

Listener Bound() {
  absl::StatusOr<Listener> listener = Listener::Bind({"127.0.0.1", 0});
  EXPECT_THAT(listener, IsOk());
  return *std::move(listener);
}

ConnectOptions Options(PartyId self, std::vector<PartyId> peers, bool tls) {
  ConnectOptions options{.self = self, .peers = std::move(peers)};
  options.tls = tls ? &TestTls(self) : nullptr;
  options.timeout = kPatience;
  return options;
}

void ExpectByte(Channel& channel, uint8_t ours, uint8_t theirs) {
  uint8_t got = 0;
  MPCC_EXPECT_OK(channel.Exchange({&ours, 1}, {&got, 1}));
  EXPECT_EQ(got, theirs) << channel.peer();
}

void ThreePartiesMeet(bool tls) {
  Listener at0 = Bound(), at1 = Bound();
  const std::array<Endpoint, 3> endpoints{at0.endpoint(), at1.endpoint(), {}};
  const std::array<Listener*, 3> listeners{&at0, &at1, nullptr};
  std::vector<std::thread> threads;
  for (PartyId self : {kP2, kP1, kP0}) {
    threads.emplace_back([&, self] {
      std::vector<PartyId> peers(kAllParties.begin(), kAllParties.end());
      std::erase(peers, self);
      ConnectOptions options = Options(self, peers, tls);
      options.endpoints = endpoints;
      MPCC_ASSERT_OK_AND_ASSIGN(Channels channels, Connect(options, listeners[PartyIndex(self)]));
      EXPECT_EQ(channels[PartyIndex(self)], nullptr);
      for (PartyId peer : peers) {
        EXPECT_THAT(channels[PartyIndex(peer)]->peer(),
                    HasSubstr(std::string("party ") + PartyName(peer) + " (127.0.0.1:"));
        ExpectByte(*channels[PartyIndex(peer)], PartyIndex(self), PartyIndex(peer));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Connect, ThreePartiesMeetOverTcp) { ThreePartiesMeet(false); }
TEST(Connect, ThreePartiesMeetOverTls) { ThreePartiesMeet(true); }

// How far a party comes before it dies: connected, with TLS, greeted, and after it said that it has
// all its links.
enum class Death { kConnected, kSecured, kGreeted, kReady };

// Its links to its peers, as far as that.
void MeetAndDie(const ConnectOptions& options, Listener* listener, Death death) {
  const Deadline deadline = std::chrono::steady_clock::now() + kPatience;
  std::vector<UniqueFd> sockets;
  std::vector<TlsPeer> secured;
  Links links;
  for (PartyId peer : options.peers) {
    const bool listens = Listens(options.self, peer, options.listening_order);
    MPCC_ASSERT_OK_AND_ASSIGN(UniqueFd socket,
                              listens ? listener->Accept(deadline)
                                      : ConnectTcp(options.endpoints[PartyIndex(peer)], deadline));
    const Side side = listens ? Side::kListener : Side::kConnector;
    if (death == Death::kConnected) {
      sockets.push_back(std::move(socket));
    } else if (death == Death::kSecured && options.tls) {
      auto secure = StartTls(std::move(socket), side, *options.tls, "a peer", {});
      if (secure.ok()) secured.push_back(*std::move(secure));
    } else {
      auto met = Introduce(std::move(socket), side, options.peers, {options.self, options.tls});
      if (met.ok()) links[PartyIndex(met->party)] = std::move(met->channel);
    }
  }
  if (death == Death::kReady)
    Gather(options.self, links, std::chrono::steady_clock::now(), {}).IgnoreError();
}

// A session like `serve`: it ends well when all have heard all.
absl::Status ConnectAndGreet(const ConnectOptions& options, Listener* listener) {
  MPCC_ASSIGN_OR_RETURN(Channels channels, Connect(options, listener));
  for (int round = 0; round < 2; ++round)
    for (PartyId peer : options.peers) {
      const uint8_t ours = PartyIndex(options.self);
      uint8_t theirs = 0;
      MPCC_RETURN_IF_ERROR(channels[PartyIndex(peer)]->Exchange({&ours, 1}, {&theirs, 1}));
      if (theirs != PartyIndex(peer)) return absl::InternalError("another party answered");
    }
  return absl::OkStatus();
}

// Others wait for a party that dies on its way, and then comes again.
class DyingParty : public ::testing::TestWithParam<std::tuple<PartyId, Death, bool>> {};

TEST_P(DyingParty, IsWaitedForByAllUntilItComesAgain) {
  const auto [dying, death, tls] = GetParam();
  Listener at0 = Bound(), at1 = Bound();
  const std::array<Listener*, 3> listeners{&at0, &at1, nullptr};
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (PartyId self : kAllParties)
    threads.emplace_back([&, self, dies = self == dying, death = death, tls = tls] {
      std::vector<PartyId> peers(kAllParties.begin(), kAllParties.end());
      std::erase(peers, self);
      ConnectOptions options = Options(self, peers, tls);
      options.endpoints = {at0.endpoint(), at1.endpoint(), {}};
      Listener* const listener = listeners[PartyIndex(self)];
      if (dies) MeetAndDie(options, listener, death);
      // Whoever said that it is ready may be gone before all have heard it: then they begin again.
      absl::Status worked;
      do {
        worked = ConnectAndGreet(options, listener);
      } while (absl::IsUnavailable(worked));
      MPCC_EXPECT_OK(worked);
    });
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Connect, DyingParty,
                         ::testing::Combine(::testing::ValuesIn(kAllParties),
                                            ::testing::Values(Death::kConnected, Death::kSecured,
                                                              Death::kGreeted, Death::kReady),
                                            ::testing::Bool()));

TEST(Connect, APartyWithAnotherCommandIsNamedAtTheDeadline) {
  Listener at0 = Bound();
  ConnectOptions p0 = Options(kP0, {kP1, kP2}, false), p2 = Options(kP2, {kP0}, false);
  p0.timeout = p2.timeout = std::chrono::milliseconds(300);
  p2.endpoints[0] = at0.endpoint();
  std::thread waits([&] { EXPECT_FALSE(Connect(p0, &at0).ok()); });
  EXPECT_THAT(Connect(p2), StatusIs(absl::StatusCode::kUnavailable,
                                    AllOf(HasSubstr("party P0"), HasSubstr("P0"))));
  waits.join();
}

// They would wait for a minute.
TEST(Connect, APartyThatIsStoppedWaitsForNobody) {
  Listener at0 = Bound();
  ConnectOptions waiting[] = {Options(kP0, {kP1}, false), Options(kP1, {kP0}, false)};
  waiting[1].endpoints[0] = {"127.0.0.1", 1};  // nobody listens there
  for (ConnectOptions& options : waiting) {
    std::stop_source before, meanwhile;
    before.request_stop();
    options.stop = before.get_token();
    EXPECT_THAT(Connect(options, &at0), StatusIs(absl::StatusCode::kCancelled));
    options.stop = meanwhile.get_token();
    std::jthread stopping([&] { meanwhile.request_stop(); });
    EXPECT_THAT(Connect(options, &at0), StatusIs(absl::StatusCode::kCancelled));
  }
}

TEST(Connect, ListenerTurnsStrangersAwayAndWaitsOn) {
  Listener at1 = Bound();
  ConnectOptions p1 = Options(kP1, {kP2}, true);
  std::thread listener([&] { MPCC_EXPECT_OK(Connect(p1, &at1)); });

  ConnectOptions p2 = Options(kP2, {kP1}, true);
  p2.endpoints[1] = at1.endpoint();
  ConnectOptions foreigner = p2;
  foreigner.tls = &ForeignTls(kP2);
  EXPECT_THAT(Connect(foreigner), StatusIs(absl::StatusCode::kUnauthenticated));
  ConnectOptions plain = p2;
  plain.tls = nullptr;
  plain.timeout = std::chrono::milliseconds(100);
  EXPECT_FALSE(Connect(plain).ok());
  MPCC_EXPECT_OK(Connect(p2));
  listener.join();
}

// One after another they would be heard for longer than the party waits.
void SilentStrangersHoldNobodyUp(bool tls) {
  Listener at1 = Bound();
  std::vector<UniqueFd> strangers;
  for (int i = 0; i < 30; ++i) {
    MPCC_ASSERT_OK_AND_ASSIGN(
        UniqueFd socket, ConnectTcp(at1.endpoint(), std::chrono::steady_clock::now() + kPatience));
    strangers.push_back(std::move(socket));
  }
  std::thread listener([&] { MPCC_EXPECT_OK(Connect(Options(kP1, {kP2}, tls), &at1)); });
  ConnectOptions p2 = Options(kP2, {kP1}, tls);
  p2.endpoints[1] = at1.endpoint();
  MPCC_EXPECT_OK(Connect(p2));
  listener.join();
}

TEST(Connect, SilentStrangersHoldNobodyUpOverTcp) { SilentStrangersHoldNobodyUp(false); }
TEST(Connect, SilentStrangersHoldNobodyUpOverTls) { SilentStrangersHoldNobodyUp(true); }

// A caller that connects and closes, again and again.
TEST(Introductions, HoldNobodyWhoIsGone) {
  const ConnectOptions options = Options(kP1, {kP2}, false);
  Links links;
  Introductions introductions({kP2}, options, links);
  for (int i = 0; i < 300; ++i) {
    MPCC_ASSERT_OK_AND_ASSIGN(SocketPair sockets, MakeTcpPair());
    sockets.connector = UniqueFd();
    introductions.Begin(std::move(sockets.listener), std::chrono::steady_clock::now() + kPatience);
    ASSERT_LE(introductions.held(), 64u);
  }
}

TEST(Connect, WhoCannotBeReachedConnectsToAll) {
  Listener at0 = Bound(), at2 = Bound();
  std::vector<std::thread> threads;
  for (PartyId self : {kP0, kP1, kP2})
    threads.emplace_back([&, self] {
      std::vector<PartyId> peers(kAllParties.begin(), kAllParties.end());
      std::erase(peers, self);
      ConnectOptions options = Options(self, peers, true);
      options.listening_order = {kP0, kP2, kP1};
      options.endpoints = {at0.endpoint(), Endpoint{}, at2.endpoint()};
      EXPECT_EQ(MustListen(options), self != kP1);
      Listener* const listeners[] = {&at0, nullptr, &at2};
      MPCC_EXPECT_OK(Connect(options, listeners[PartyIndex(self)]));
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(Connect, AHostWithoutAnAddressIsTriedUntilTheDeadline) {
  ConnectOptions p2 = Options(kP2, {kP1}, false);
  p2.endpoints[1] = {"no such host", 1};
  p2.timeout = std::chrono::milliseconds(100);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(Connect(p2),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot resolve the host")));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
}

TEST(Connect, RetriesUntilTheListenerIsThere) {
  Endpoint endpoint = Bound().endpoint();  // closed again: nobody listens there now
  ConnectOptions p2 = Options(kP2, {kP1}, false);
  p2.endpoints[1] = endpoint;
  std::thread connector([&] { MPCC_EXPECT_OK(Connect(p2)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  absl::StatusOr<Listener> listener = Listener::Bind(endpoint);
  if (listener.ok()) {
    MPCC_EXPECT_OK(Connect(Options(kP1, {kP2}, false), &*listener));
  }
  connector.join();
}

TEST(Connect, MissingListenerIsNamedAtTheDeadline) {
  ConnectOptions p2 = Options(kP2, {kP1}, false);
  p2.endpoints[1] = Bound().endpoint();
  p2.timeout = std::chrono::milliseconds(30);
  EXPECT_THAT(Connect(p2), StatusIs(absl::StatusCode::kUnavailable,
                                    AllOf(HasSubstr("party P1 is not there"),
                                          HasSubstr("cannot connect to 127.0.0.1:"))));
}

TEST(Connect, WaitsOfAnyLengthAreTaken) {
  Listener at0 = Bound();
  ConnectOptions p0 = Options(kP0, {kP1}, false), p1 = Options(kP1, {kP0}, false);
  p0.timeout = p1.timeout = std::chrono::milliseconds::max();
  p1.endpoints[0] = at0.endpoint();
  std::thread listener([&] { MPCC_EXPECT_OK(Connect(p0, &at0)); });
  MPCC_EXPECT_OK(Connect(p1));
  listener.join();
}

TEST(Connect, MissingCallersAreNamedAtTheDeadline) {
  Listener at0 = Bound();
  ConnectOptions p0 = Options(kP0, {kP1, kP2}, false);
  p0.timeout = std::chrono::milliseconds(30);
  EXPECT_THAT(Connect(p0, &at0),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("in 30 ms from: P1 P2")));
}

TEST(Connect, OwnCertificateMustBeOfTheOwnRole) {
  ConnectOptions options = Options(kP2, {kP1}, false);
  options.tls = &TestTls(kP1);
  EXPECT_THAT(Connect(options),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("this is party P2 but its certificate is of P1")));
}

TEST(Connect, ImpossiblePeersAreRefused) {
  EXPECT_THAT(Connect(Options(kP1, {kP1}, false)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Connect(Options(kP1, {kP0, kP0}, false)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ConnectParties, AnAddressThatIsMissingIsNamed) {
  NetworkOptions options;
  options.insecure = true;
  EXPECT_THAT(
      ConnectParties(kP0, {kP1}, options),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("the address of P0 is missing")));
  EXPECT_THAT(
      ConnectParties(kP2, {kP1}, options),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("the address of P1 is missing")));
}

TEST(ConnectParties, WithoutTlsAddressesAreOfThisMachineUnlessSaidOtherwise) {
  NetworkOptions options;
  options.insecure = true;
  options.timeout = std::chrono::milliseconds(1);
  for (const char* address : {"10.0.0.1:1", "p1.example:1", "127.0.0.1.example:1", "[::]:1"}) {
    options.addresses = {"localhost:1", address, "127.0.0.1:1"};
    EXPECT_THAT(ConnectParties(kP2, {kP0}, options),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(address), HasSubstr("--insecure-network"))));
  }
  options.addresses = {"127.3.0.1:0", "[::1]:1", ""};
  options.listen = "0.0.0.0:0";
  EXPECT_THAT(ConnectParties(kP0, {kP1}, options), StatusIs(absl::StatusCode::kInvalidArgument));
  std::vector<std::string> warnings;
  options.log = [&](LogLevel, std::string_view text) { warnings.emplace_back(text); };
  options.insecure_network = true;
  EXPECT_THAT(ConnectParties(kP0, {kP1}, options), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(warnings, testing::ElementsAre(HasSubstr("no TLS")));
}

TEST(ConnectParties, ListensWhereItIsToldTo) {
  NetworkOptions options;
  options.insecure = true;
  options.timeout = std::chrono::milliseconds(1);
  options.addresses = {"localhost:1", "", ""};
  options.listen = "127.0.0.1:0";
  EXPECT_THAT(ConnectParties(kP0, {kP1}, options),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("no connection to 127.0.0.1:")));
}

TEST(ConnectParties, TellWhomTheyWaitFor) {
  NetworkOptions options;
  options.insecure = true;
  options.timeout = std::chrono::milliseconds(1);
  options.addresses = {"127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"};
  std::vector<std::string> told;
  options.progress = [&](const Progress& progress) { told.emplace_back(progress.what); };
  EXPECT_FALSE(ConnectParties(kP0, {kP1, kP2}, options).ok());
  EXPECT_THAT(told, testing::ElementsAre("waiting for P1 and P2", ""));
}

TEST(Listener, TakenPortAndForeignHostAreNamed) {
  Listener listener = Bound();
  EXPECT_THAT(Listener::Bind(listener.endpoint()),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen at 127.0.0.1:")));
}

TEST(Endpoint, ReadsHostsAndAddresses) {
  const std::pair<const char*, Endpoint> cases[] = {{"localhost:9100", {"localhost", 9100}},
                                                    {"10.0.0.1:0", {"10.0.0.1", 0}},
                                                    {"[::1]:65535", {"::1", 65535}}};
  for (const auto& [text, endpoint] : cases) {
    MPCC_ASSERT_OK_AND_ASSIGN(const Endpoint parsed, ParseEndpoint(text));
    EXPECT_EQ(parsed, endpoint);
    EXPECT_EQ(EndpointText(parsed), text);
  }
}

TEST(Endpoint, NonsenseIsRefused) {
  for (const char* text : {"", "host", ":1", "host:", "host:x", "host:65536", "host:-1", "host:1 ",
                           "::1:80", "[::1]80", "[host]:1", "[::1:80", "a]:1"}) {
    EXPECT_THAT(ParseEndpoint(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("host:port")))
        << text;
  }
}

}  // namespace
}  // namespace mpcc
