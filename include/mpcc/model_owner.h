// SPDX-License-Identifier: Apache-2.0
// P0: has the model, deals what the others need, takes no part in an inference.
#ifndef MPCC_MODEL_OWNER_H_
#define MPCC_MODEL_OWNER_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/export.h"
#include "mpcc/party_config.h"

namespace mpcc {

// What a set-up does where all parties hold the state of one instance. Where they do not it makes a
// new one, but with kKeep not in place of a state of P0's that is damaged or of another plan.
enum class SetUpMode { kKeep, kRenew };

// A channel leads to the party of its name. It is the call's own, which begins with a handshake on
// it and closes it when it returns, so that a party that fails does not leave others waiting.
//
// Errors of all calls: FAILED_PRECONDITION when the parties' plans, states or intentions differ, or
// others may read the state; UNAVAILABLE when a peer is gone or gave up, with its words; DATA_LOSS
// for what a peer or a file should not say; CANCELLED when stopped.
//
// One thread at a time uses a party.
class MPCC_EXPORT ModelOwner {
 public:
  // Makes or checks the state directory. INVALID_ARGUMENT when the plan is not P0's.
  static absl::StatusOr<ModelOwner> Create(PartyConfig config);
  ModelOwner(ModelOwner&&) noexcept;
  ModelOwner& operator=(ModelOwner&&) noexcept;
  ~ModelOwner();

  // FAILED_PRECONDITION when there is no set-up for this plan yet, or of another one.
  absl::Status CheckSetUp() const;

  // Once: with SetUp of the others at the same time. FAILED_PRECONDITION, here and there, when the
  // state is of another plan and is not to be renewed.
  absl::Status SetUp(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                     SetUpMode mode = SetUpMode::kKeep);

  // Puts material for `count` inferences of a program into P2's store; P2 calls Store.
  // INVALID_ARGUMENT when the plan has no such program.
  absl::Status Deal(std::unique_ptr<Channel> p2, int program, int count);

  // Sets up if needed, then deals what P2 asks for until P1 ends the session. The others call
  // Serve. `ready` is called when all parties are set up: what was to be renewed is then.
  absl::Status Serve(std::unique_ptr<Channel> p1, std::unique_ptr<Channel> p2,
                     SetUpMode mode = SetUpMode::kKeep, const std::function<void()>& ready = {});

 private:
  struct Impl;
  explicit ModelOwner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mpcc

#endif  // MPCC_MODEL_OWNER_H_
