// SPDX-License-Identifier: Apache-2.0
// P0 after set-up: deals the material of inferences to P2.
#ifndef MPCC_RUNTIME_SESSION_DEAL_SESSION_H_
#define MPCC_RUNTIME_SESSION_DEAL_SESSION_H_

#include <memory>
#include <stop_token>

#include "runtime/base/working.h"
#include "runtime/material/used_numbers.h"
#include "runtime/session/control.h"
#include "runtime/session/party_state.h"
#include "runtime/session/run_per_program.h"
#include "runtime/session/run_trace.h"

namespace mpcc::session {

class DealSession {
 public:
  // `dealt` are the numbers of the state's instance, shared by all sessions of the party; Serve
  // deals none above `most`. `tells_times`: whether P2 hears how long dealing took.
  DealSession(RunPerProgram<engine::DealRun> runs, PartyState state,
              std::shared_ptr<UsedNumbers> dealt, uint64_t most, bool tells_times)
      : runs_(std::move(runs)),
        state_(std::move(state)),
        dealt_(std::move(dealt)),
        most_(most),
        tells_times_(tells_times) {}

  // Tell of each inference that is dealt. Before the first one.
  void TraceTo(TraceSink sink) { trace_ = std::move(sink); }
  void TellTo(ProgressSink sink) { progress_ = std::move(sink); }

  // Deals `count` inferences for P2's store and ends; CANCELLED when stopped.
  absl::Status DealToStore(Channel& p2, int program, int count, const std::stop_token& stop);

  // Answers P2's requests until it ends; CANCELLED when stopped.
  absl::Status Serve(Channel& p2, const std::stop_token& stop);

 private:
  // Deals one inference under a number never used before (marked durably first) and sends each
  // piece when P2 asks for it. ABORTED when P2 wants no more of it; the number stays spent. Where
  // numbers end with `most`, P2 is told how many are left.
  absl::Status DealOne(Channel& p2, int program, uint64_t most, const std::stop_token& stop);

  RunPerProgram<engine::DealRun> runs_;
  PartyState state_;
  std::shared_ptr<UsedNumbers> dealt_;
  uint64_t most_;
  bool tells_times_;
  TraceSink trace_;
  ProgressSink progress_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_DEAL_SESSION_H_
