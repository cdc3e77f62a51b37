// SPDX-License-Identifier: Apache-2.0
// P1 after set-up: asks P2 for inferences and gets the answers.
#ifndef MPCC_RUNTIME_SESSION_ASK_SESSION_H_
#define MPCC_RUNTIME_SESSION_ASK_SESSION_H_

#include <memory>

#include "mpcc/data_owner.h"
#include "runtime/material/used_numbers.h"
#include "runtime/session/control.h"
#include "runtime/session/inference_under_way.h"
#include "runtime/session/party_state.h"
#include "runtime/session/run_per_program.h"
#include "runtime/session/run_trace.h"

namespace mpcc::session {

class AskSession {
 public:
  // `used` are the numbers of the state's instance, shared by all sessions of the party.
  AskSession(RunPerProgram<engine::DataOwnerRun> runs, PartyState state,
             std::shared_ptr<UsedNumbers> used)
      : runs_(std::move(runs)), state_(std::move(state)), used_(std::move(used)) {}

  // Tell of each inference. Before the first one.
  void TraceTo(TraceSink sink) { trace_ = std::move(sink); }
  void TellTo(ProgressSink sink) { progress_ = std::move(sink); }

  // One private inference. `inputs` are padded to the smallest program that holds them (bucket.h).
  // INVALID_ARGUMENT leaves the session as it was; any other error ends it. The inference number is
  // marked as used, durably, before the first message that depends on the input.
  absl::StatusOr<Answer> Infer(Channel& p2, const NamedTensors& inputs);

  // Whether P2 is still there and well.
  absl::Status Ping(Channel& p2);

 private:
  RunPerProgram<engine::DataOwnerRun> runs_;
  PartyState state_;
  std::shared_ptr<UsedNumbers> used_;
  TraceSink trace_;
  ProgressSink progress_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_ASK_SESSION_H_
