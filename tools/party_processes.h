// SPDX-License-Identifier: Apache-2.0
// The three parties as processes on this machine, serving until their input ends.
#ifndef MPCC_TOOLS_PARTY_PROCESSES_H_
#define MPCC_TOOLS_PARTY_PROCESSES_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "tools/child_process.h"
#include "tools/party_io.h"

namespace mpcc {

struct LocalOptions {
  std::string plans{};  // directory with party0.plan, party1.plan, party2.plan
  std::string state{};  // directory for state0, state1, state2
  std::string keys{};   // an empty directory for test certificates; empty: no TLS
  std::string log{};
  int spin_us = 50, peer_timeout = 60;
  bool renew = false;
};

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

 private:
  PartyProcesses() = default;
  absl::StatusOr<nlohmann::json> NextLine();
  void WaitForEvent() const;
  void WaitForOthers();
  absl::Status WhoDied();

  std::vector<ChildProcess> children_;
  std::unique_ptr<LineReader> lines_;
  double setup_seconds_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PARTY_PROCESSES_H_
