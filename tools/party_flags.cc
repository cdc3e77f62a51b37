// SPDX-License-Identifier: Apache-2.0
#include "tools/party_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <sstream>

#include "runtime/base/network_profile.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/endpoint.h"
#include "tools/manners.h"
#include "tools/simulated_links.h"

namespace mpcc {
namespace {

absl::StatusOr<std::array<std::string, 3>> ParsePeers(const std::string& text) {
  std::array<std::string, 3> peers;
  std::stringstream stream(text);
  size_t count = 0;
  for (std::string part; std::getline(stream, part, ',') && count < 3;) {
    MPCC_RETURN_IF_ERROR(ParseEndpoint(part).status());
    peers[count++] = part;
  }
  if (count == 3) return peers;
  return absl::InvalidArgumentError("--peers needs three addresses: host:port of P0, P1, P2");
}

absl::StatusOr<std::array<PartyId, 3>> ParseOrder(const std::string& text) {
  std::array<PartyId, 3> order = kAllParties;
  do {
    if (text ==
        fmt::format("{},{},{}", PartyIndex(order[0]), PartyIndex(order[1]), PartyIndex(order[2])))
      return order;
  } while (std::ranges::next_permutation(order).found);
  return absl::InvalidArgumentError(
      "--listening-order is an order of all parties, such as 0,2,1: of two the first one listens");
}

void AddOptionsOfTheParty(CLI::App& app, PartyFlags& flags) {
  app.add_option("--role", flags.role, "0 model owner, 1 data owner, 2 assistant")
      ->required()
      ->check(CLI::Range(0, 2));
  app.add_option("--plan", flags.plan, "this party's plan")->required();
  app.add_option("--peers", flags.peers, "host:port of P0,P1,P2");
  app.add_option("--state", flags.state, "directory for seeds, shares and material (mode 0700)")
      ->required();
  app.add_flag("--dumpable", flags.dumpable,
               "let this user's other processes look at this one's memory, to measure it");
  app.add_flag("--tell-times", flags.tell_times,
               "P0: tell the others how long dealing took, to measure it");
  app.add_option("--trace", flags.trace,
                 "write when this party did what, a line of JSON for each inference, for 'mpcc "
                 "report --trace'");
  app.add_option("--log", flags.log, "trace, debug, info, warning, error, off");
  app.add_flag("--no-progress", flags.no_progress,
               "do not say how far set-up, dealing and inferences are: on a terminal a live line, "
               "elsewhere in the log");
  app.add_flag("--deal-between", flags.deal_between,
               "P2, in serve: ask for the next material between inferences, not while one runs, to "
               "measure them alone");
  app.add_option("--threads", flags.threads,
                 "threads that compute together; 0, as if not given: half of the processors")
      ->check(CLI::Range(0, 256));
  app.add_option(
         "--material-window", flags.material_window,
         "P2: MiB of material held in memory; an inference that needs more waits for it while "
         "it runs")
      ->check(CLI::Range(0, 1 << 20));
}

void AddOptionsOfTheNetwork(CLI::App& app, PartyFlags& flags) {
  app.add_option("--ca", flags.ca, "certificate of the authority");
  app.add_option("--cert", flags.cert, "this party's certificate");
  app.add_option("--key", flags.key, "this party's private key");
  app.add_flag("--insecure", flags.insecure, "no TLS; for tests on one machine only");
  app.add_flag("--insecure-network", flags.insecure_network,
               "no TLS between machines: whoever sees the network may see the inputs");
  app.add_option(
      "--listen", flags.listen,
      "host:port to listen at, such as 0.0.0.0:9100; its address in --peers if not given");
  app.add_option("--listening-order", flags.listening_order,
                 "of two parties the first one here listens, the same at all: 0,2,1 for a P1 that "
                 "nobody can reach");
  app.add_option("--spin-us", flags.spin_us, "microseconds to spin for a message before sleeping");
  app.add_option("--peer-timeout", flags.peer_timeout,
                 "seconds of silence after which a peer is taken for dead")
      ->check(CLI::Range(1, 86400));
  app.add_option("--simulate", flags.simulate,
                 "wait as a slower link would take, with all parties on one machine: "
                 "rtt=4ms,bw=400mbit, or " +
                     NamedNetworks());
  app.add_option("--uplink", flags.uplink, "the links of P0 in --simulate: bw=100mbit");
}

void AddCommands(CLI::App& app, PartyFlags& flags) {
  app.require_subcommand(1);
  app.fallthrough();
  CLI::App* setup = app.add_subcommand("setup", "agree on seeds and deal weight shares, once");
  CLI::App* deal = app.add_subcommand("deal", "P0 and P2: store material for inferences");
  deal->add_option("--count", flags.count, "number of inferences")->check(Counting());
  deal->add_option("--seq-len", flags.sequence_length, "bucket; the smallest if not given");
  CLI::App* run = app.add_subcommand("run", "P1 and P2: inferences with stored material");
  run->add_option("--input", flags.input,
                  "P1: JSON file with input_ids; rows of a batch are inferences");
  run->add_option("--output", flags.output,
                  "P1: file for the answers, a line of JSON each; standard output if not given");
  CLI::App* serve =
      app.add_subcommand("serve", "all: set up if needed, then one inference per JSON line at P1");
  serve
      ->add_option("--max-inferences", flags.max_inferences,
                   "P0: material for so many inferences of the set-up, and no more")
      ->check(CLI::Range(uint64_t{1}, std::numeric_limits<uint64_t>::max()));
  serve
      ->add_option("--reconnect", flags.reconnect,
                   "seconds to wait for a party that was lost, with the set-up kept; 0 to end")
      ->check(CLI::Range(0, 86400));
  app.add_subcommand("stock", "P2: what material is stored, a line of JSON for each bucket");
  for (CLI::App* command : {setup, serve})
    command->add_flag("--renew", flags.renew,
                      "P0: make a new instance even if all parties are set up");
}

}  // namespace

void AddPartyFlags(CLI::App& app, PartyFlags& flags) {
  AddOptionsOfTheParty(app, flags);
  AddOptionsOfTheNetwork(app, flags);
  AddCommands(app, flags);
}

absl::StatusOr<NetworkOptions> NetworkOptionsOf(const PartyFlags& flags) {
  NetworkOptions network;
  MPCC_ASSIGN_OR_RETURN(network.addresses, ParsePeers(flags.peers));
  network.ca_certificate = flags.ca;
  network.certificate = flags.cert;
  network.private_key = flags.key;
  network.insecure = flags.insecure || flags.insecure_network;
  network.insecure_network = flags.insecure_network;
  if (!flags.listen.empty()) MPCC_RETURN_IF_ERROR(ParseEndpoint(flags.listen).status());
  network.listen = flags.listen;
  MPCC_ASSIGN_OR_RETURN(network.listening_order, ParseOrder(flags.listening_order));
  network.reconnect = std::chrono::seconds(flags.reconnect);
  network.wait.spin = std::chrono::microseconds(flags.spin_us);
  network.wait.peer_timeout = std::chrono::seconds(flags.peer_timeout);
  MPCC_ASSIGN_OR_RETURN(network.simulated,
                        SimulatedLinks(flags.role, flags.simulate, flags.uplink));
  return network;
}

}  // namespace mpcc
