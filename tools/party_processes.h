// SPDX-License-Identifier: Apache-2.0
// The three parties as processes on this machine, serving until their input ends.
#ifndef MPCC_TOOLS_PARTY_PROCESSES_H_
#define MPCC_TOOLS_PARTY_PROCESSES_H_

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "tools/child_process.h"
#include "tools/party_io.h"
#include "tools/process_memory.h"

namespace mpcc {

struct LocalOptions {
  std::string plans{};  // directory with party0.plan, party1.plan, party2.plan
  std::string state{};  // directory for state0, state1, state2
  std::string keys{};   // an empty directory for test certificates; empty: no TLS
  std::string log{};
  int spin_us = 50, peer_timeout = 60;
  bool deal_ahead = false;       // for throughput: it takes processor time from an inference
  int threads = 1;               // of each party
  uint64_t material_window = 0;  // MiB; PartyConfig says what 0 is
  bool renew = false;
  std::string simulate{}, uplink{};  // as of mpcc-party
  std::string traces{};              // an empty directory for TraceOf each party; empty: none
};

std::string TraceOf(const std::string& directory, int party);

class PartyProcesses {
 public:
  // Starts `program` three times and waits until P1 is ready.
  static absl::StatusOr<PartyProcesses> Start(const std::string& program,
                                              const LocalOptions& options);

  // P1's answer to a line of JSON. When a party dies the error names the first one that did.
  absl::StatusOr<nlohmann::json> Ask(const std::string& line);

  // Ends P1's input and waits for all; the error names those that failed.
  absl::Status Stop();

  double setup_seconds() const { return setup_seconds_; }

  // The most memory that each party's process took beyond what it had when P1 was ready, in bytes,
  // mapped files left out. That was its plan and its weights, and, where the plan has one program
  // only, whatever P0 and P2 had begun to prepare for it.
  absl::StatusOr<std::array<uint64_t, 3>> PeakMemory() const;

 private:
  PartyProcesses() = default;
  absl::StatusOr<nlohmann::json> NextLine();
  void WaitForEvent() const;
  void WaitForOthers();
  absl::Status WhoDied();

  absl::Status RememberMemory();

  std::vector<ChildProcess> children_;
  std::array<ProcessMemory, 3> when_ready_;
  std::unique_ptr<LineReader> lines_;
  double setup_seconds_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PARTY_PROCESSES_H_
