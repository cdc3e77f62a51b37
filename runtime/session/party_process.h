// SPDX-License-Identifier: Apache-2.0
// The parties as processes: each finds its peers on the network and does what `mpcc-party` is asked
// for.
#ifndef MPCC_RUNTIME_SESSION_PARTY_PROCESS_H_
#define MPCC_RUNTIME_SESSION_PARTY_PROCESS_H_

#include <functional>
#include <optional>

#include "mpcc/assistant.h"
#include "mpcc/data_owner.h"
#include "mpcc/model_owner.h"
#include "mpcc/network.h"

namespace mpcc::session {

// All `Serve`s wait for a party that was lost, for network.reconnect, and serve again with the same
// set-up; UNAVAILABLE when it did not come back. P1's pending question is answered by the error.

// P0.
absl::Status SetUp(ModelOwner& owner, const NetworkOptions& network, SetUpMode mode);
absl::Status Deal(ModelOwner& owner, const NetworkOptions& network, int program, int count);
absl::Status Serve(ModelOwner& owner, const NetworkOptions& network, SetUpMode mode);

// P2.
absl::Status SetUp(Assistant& assistant, const NetworkOptions& network);
absl::Status Store(Assistant& assistant, const NetworkOptions& network);
absl::Status Assist(Assistant& assistant, const NetworkOptions& network);
absl::Status Serve(Assistant& assistant, const NetworkOptions& network);

// Where P1 takes inputs from and brings answers to. Refused inputs are answered with
// INVALID_ARGUMENT.
struct DataOwnerIo {
  // Waits at most two seconds for inputs; an empty optional says that none came yet. OUT_OF_RANGE:
  // no more will come.
  std::function<absl::StatusOr<std::optional<NamedTensors>>()> next;
  std::function<void(const absl::StatusOr<Answer>&)> answer;
};

// P1.
absl::Status SetUp(DataOwner& owner, const NetworkOptions& network);
// Inferences with material from P2's store. INVALID_ARGUMENT in the end, after the others, when an
// input was refused; no material is spent for it.
absl::Status Ask(DataOwner& owner, const NetworkOptions& network, const DataOwnerIo& io);
// Inferences with material dealt ahead of need. `ready` is called when all parties are.
absl::Status Serve(DataOwner& owner, const NetworkOptions& network, const DataOwnerIo& io,
                   const std::function<void(double setup_seconds)>& ready);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PARTY_PROCESS_H_
