// SPDX-License-Identifier: Apache-2.0
// P2 after set-up: keeps material and takes part in P1's inferences.
#ifndef MPCC_RUNTIME_SESSION_ASSIST_SESSION_H_
#define MPCC_RUNTIME_SESSION_ASSIST_SESSION_H_

#include <memory>
#include <stop_token>

#include "runtime/material/material_store.h"
#include "runtime/session/inference_under_way.h"
#include "runtime/session/material_feed.h"
#include "runtime/session/party_state.h"
#include "runtime/session/run_per_program.h"
#include "runtime/session/run_trace.h"

namespace mpcc::session {

class AssistSession {
 public:
  // `store` is of the state's instance, shared by all sessions of the party. At most `window`
  // pieces of material are held.
  AssistSession(RunPerProgram<engine::AssistantRun> runs, PartyState state,
                std::shared_ptr<MaterialStore> store, uint64_t window)
      : runs_(std::move(runs)),
        state_(std::move(state)),
        store_(std::move(store)),
        window_(window) {}

  // Tell of each inference that P1 asked for. Before the first one.
  void TraceTo(TraceSink sink) { trace_ = std::move(sink); }
  void TellTo(ProgressSink sink) { progress_ = std::move(sink); }

  // Stores what P0's `deal` sends until it ends; the number of inferences. CANCELLED when stopped.
  absl::StatusOr<int> StoreDealt(Channel& p0, const std::stop_token& stop);

  // Answers P1's requests until it ends; CANCELLED when stopped. Material comes from the feed, or
  // from the store. Its number is marked as spent, durably, before P1 hears of it.
  absl::Status Serve(Channel& p1, MaterialFeed& feed, const std::stop_token& stop) {
    return Answer(p1, &feed, stop);
  }
  absl::Status ServeFromStore(Channel& p1, const std::stop_token& stop) {
    return Answer(p1, nullptr, stop);
  }

 private:
  absl::Status Answer(Channel& p1, MaterialFeed* feed, const std::stop_token& stop);
  absl::Status StoreOne(Channel& p0, const Control& dealt);
  absl::StatusOr<std::shared_ptr<Delivery>> TakeMaterial(Channel& p1, int program,
                                                         MaterialFeed* feed);
  absl::Status RunOne(Channel& p1, int program, MaterialFeed* feed);

  RunPerProgram<engine::AssistantRun> runs_;
  PartyState state_;
  std::shared_ptr<MaterialStore> store_;
  uint64_t window_;
  TraceSink trace_;
  ProgressSink progress_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_ASSIST_SESSION_H_
