// SPDX-License-Identifier: Apache-2.0
// P2's connection to P0 while it serves: a thread that fetches material ahead of need.
#ifndef MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_
#define MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "runtime/material/material_store.h"
#include "runtime/plan/plan.pb.h"
#include "runtime/session/control.h"

namespace mpcc::session {

struct FedMaterial {
  Material material;
  uint64_t deal_micros = 0;
};

// While idle it asks P0 every two seconds whether it is still there. Thread-safe.
class MaterialFeed {
 public:
  // Starts fetching for the plan's only program, if there is only one.
  MaterialFeed(const plan::Plan& plan, std::unique_ptr<Channel> p0);
  ~MaterialFeed();  // stops a transfer under way and tells P0 that no more is needed, and why

  // Why no more will be needed, if not because all is done: P0 then fails with these words too.
  void GiveUp(absl::Status why) { reason_ = std::move(why); }

  // Material for `program`; waits for it. Fetches the next one for the same program in the
  // background.
  absl::StatusOr<FedMaterial> Take(int program);

  // After an inference of `program`: gives its buffer back and fetches the next material for it in
  // the background. Not earlier, so that dealing does not take processor time and bandwidth from
  // the online phase.
  void Recycle(int program, SecureBuffer buffer);

  // OK, or why there will be no more material.
  absl::Status status();

 private:
  void Loop();
  absl::Status Fetch(int program);

  const plan::Plan& plan_;
  std::unique_ptr<Channel> p0_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<int> wanted_;
  std::deque<FedMaterial> ready_;
  SecureBuffer spare_;
  absl::Status status_;
  absl::Status reason_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_
