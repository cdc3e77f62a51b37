// SPDX-License-Identifier: Apache-2.0
// The command line of mpcc-party.
#ifndef MPCC_TOOLS_PARTY_FLAGS_H_
#define MPCC_TOOLS_PARTY_FLAGS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/network.h"

namespace mpcc {

struct PartyFlags {
  int role = 0;
  std::string plan, peers, cert, key, ca, state, log = "info";
  std::string simulate, uplink;
  std::string listen, listening_order = "0,1,2";
  bool insecure = false, insecure_network = false, renew = false, dumpable = false;
  bool tell_times = false, deal_between = false, no_progress = false;
  int threads = 0, count = 1, sequence_length = 0, spin_us = 50, peer_timeout = 60, reconnect = 300;
  uint64_t material_window = 0, max_inferences = 0;
  std::string input, output, trace;
};

// Flags and subcommands.
void AddPartyFlags(CLI::App& app, PartyFlags& flags);

// Addresses, certificates and patience; no stop token and no log yet. INVALID_ARGUMENT names the
// flag.
absl::StatusOr<NetworkOptions> NetworkOptionsOf(const PartyFlags& flags);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PARTY_FLAGS_H_
