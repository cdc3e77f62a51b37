// SPDX-License-Identifier: Apache-2.0
// One party's process: its plan, its state directory, its connections, and the things it can be
// asked to do.
#ifndef MPCC_RUNTIME_SESSION_PARTY_SESSION_H_
#define MPCC_RUNTIME_SESSION_PARTY_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "runtime/net/connect.h"
#include "runtime/plan/plan_file.h"
#include "runtime/session/data_owner.h"

namespace mpcc::session {

struct PartyOptions {
  PartyId self = PartyId::kP0;
  std::shared_ptr<const LoadedPlan> plan;
  std::string state_directory;
  std::array<Endpoint, 3> endpoints{};
  const TlsContext* tls = nullptr;  // null: plain TCP, for tests only
  WaitOptions wait{};
  bool renew = false;  // P0: make a new instance at the set-up even if all parties have one
};

// Sets up once. Needs all three parties.
absl::Status SetUp(const PartyOptions& options);

// P0 and P2: deals `count` inferences of program `program` into P2's store (P2 ignores both
// numbers).
absl::Status Deal(const PartyOptions& options, int program, int count);

// Where P1 takes inputs from and brings answers to. Refused inputs are answered with
// INVALID_ARGUMENT.
struct DataOwnerIo {
  // Waits at most two seconds for inputs; an empty optional says that none came yet.
  std::function<absl::StatusOr<std::optional<NamedTensors>>()>
      next;  // OUT_OF_RANGE: no more will come
  std::function<void(const absl::StatusOr<Answer>&)> answer;
  std::function<void(double setup_seconds)> ready;
};

// P1 and P2: inferences with material from P2's store until P1's inputs end. At P1 a refused input
// is INVALID_ARGUMENT in the end, after the others; no material is spent for it.
absl::Status RunStored(const PartyOptions& options, const DataOwnerIo* io);

// All three: set-up if needed, then inferences until P1's inputs end, with material dealt ahead of
// need. `io` at P1 only.
absl::Status Serve(const PartyOptions& options, const DataOwnerIo* io);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_PARTY_SESSION_H_
