// SPDX-License-Identifier: Apache-2.0
// P2's connection to P0 while it serves: a thread that fetches material ahead of need.
#ifndef MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_
#define MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/plan/plan.pb.h"
#include "runtime/session/control.h"
#include "runtime/session/delivery.h"

namespace mpcc::session {

// Holds at most `window` pieces of material: of the next inference, all of it or its beginning, and
// of others while there is room. What is more comes while the inference runs. While idle it asks P0
// every two seconds whether it is still there. Thread-safe.
class MaterialFeed {
 public:
  // Starts fetching for the plan's only program, if there is only one.
  // `ahead`: the next material for a program comes while an inference uses the last, where both
  // have room; otherwise after it, so that dealing takes no processor time and bandwidth from it.
  MaterialFeed(const plan::Plan& plan, std::unique_ptr<Channel> p0, uint64_t window,
               bool ahead = false);
  ~MaterialFeed();  // stops a transfer under way and tells P0 that no more is needed, and why

  // Why no more will be needed, if not because all is done: P0 then fails with these words too.
  void GiveUp(absl::Status why) { reason_ = std::move(why); }

  // Material for `program`; waits until all of it, or all that there is room for, is there.
  // RESOURCE_EXHAUSTED when P0 allows no more inferences.
  // `idle` is called every two seconds meanwhile, and while the delivery is used and waited for.
  absl::StatusOr<std::shared_ptr<Delivery>> Take(int program, std::function<void()> idle = {});

  // After an inference: gives its buffers back and fetches the next material for its program in the
  // background, if it is not there yet.
  void Recycle(Delivery& used);

  // OK, or why there will be no more material.
  absl::Status status();

 private:
  void Loop();
  absl::Status Fetch(int program);
  absl::StatusOr<std::shared_ptr<Delivery>> Begin(int program);
  absl::Status NoteSpent(uint64_t allowed);
  absl::StatusOr<uint64_t> Receive(PieceQueue& pieces);
  void MakeRoom(uint64_t pieces);
  void AbandonWhatWaits();
  bool Wanted(int program) const;
  bool Stocked(uint32_t program) const;
  void Want(int program);

  const plan::Plan& plan_;
  const std::unique_ptr<Channel> p0_;
  const uint64_t window_;
  const bool ahead_;
  std::mutex mutex_;
  std::condition_variable changed_;
  static constexpr int kNone = -1;
  std::deque<int> wanted_;
  int beginning_ = kNone;                        // P0 was asked for it and has not answered
  std::deque<std::shared_ptr<Delivery>> ready_;  // not taken; the last one may be under way
  std::shared_ptr<Delivery> under_way_;
  uint64_t in_use_ = 0;  // pieces that what was taken can come to hold
  std::vector<SecureBuffer> spares_;
  absl::Status status_;
  absl::Status spent_;  // RESOURCE_EXHAUSTED once P0 deals no more
  absl::Status reason_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_MATERIAL_FEED_H_
