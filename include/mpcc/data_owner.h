// SPDX-License-Identifier: Apache-2.0
// P1: gives inputs, gets answers.
#ifndef MPCC_DATA_OWNER_H_
#define MPCC_DATA_OWNER_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/export.h"
#include "mpcc/party_config.h"
#include "mpcc/run_stats.h"
#include "mpcc/tensor.h"

namespace mpcc {

struct Answer {
  NamedTensors outputs;  // F32, of ProgramInfo.outputs' shapes
  RunStats stats;        // of the online phase, P1's plaintext included
  int program = 0;       // index of the program that ran
  uint64_t number = 0;   // of the inference
  uint64_t material_bytes = 0;
  std::optional<uint64_t>
      inferences_left;         // that P0 allows, or that are in P2's stock for the program
  double deal_seconds = 0;     // at P0, if it tells (PartyConfig.tells_times)
  double waiting_seconds = 0;  // until P2 had the material, or as much of it as it has room for
};

// A session with P2, in which inferences follow one another. A session that goes away without End
// is a failure to the others. One thread at a time uses a DataOwner and all its sessions.
class MPCC_EXPORT InferenceSession {
 public:
  InferenceSession(InferenceSession&&) noexcept;
  InferenceSession& operator=(InferenceSession&&) noexcept;
  ~InferenceSession();

  // One private inference. Inputs are found by the plan's names or by usual ones ("input_ids",
  // "attention_mask", "token_type_ids", "position_ids"), and padded to the smallest program that
  // holds the token ids: of them only the number of values counts, not how `shape` arranges them.
  // Missing ones but the ids get their usual defaults.
  //
  // INVALID_ARGUMENT for inputs that do not fit leaves the session as it was and spends no
  // material; any other error ends it. The inference number is marked as used, durably, before the
  // first message that depends on the input.
  absl::StatusOr<Answer> Infer(const NamedTensors& inputs);

  // Whether P2 is still there and well. To be called every two seconds or so while there is nothing
  // to ask: peers that are silent for long are taken for dead.
  absl::Status Ping();

  // Tells the others that no more will come; the last call.
  absl::Status End();

 private:
  friend class DataOwner;
  struct Impl;
  explicit InferenceSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Channels, errors and threads as of ModelOwner.
class MPCC_EXPORT DataOwner {
 public:
  // Makes or checks the state directory. INVALID_ARGUMENT when the plan is not P1's.
  static absl::StatusOr<DataOwner> Create(PartyConfig config);
  DataOwner(DataOwner&&) noexcept;
  DataOwner& operator=(DataOwner&&) noexcept;
  ~DataOwner();

  // FAILED_PRECONDITION when there is no set-up for this plan yet, or of another one.
  absl::Status CheckSetUp() const;

  // Once: with SetUp of the others at the same time.
  absl::Status SetUp(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p2);

  // A session with material from P2's store; P2 calls Assist. It may outlive the DataOwner.
  absl::StatusOr<InferenceSession> Start(std::unique_ptr<Channel> p2);

  // Sets up if needed, then a session for which P0 deals ahead of need. The others call Serve.
  // Returns when all are ready.
  absl::StatusOr<InferenceSession> Serve(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p2);

 private:
  struct Impl;
  explicit DataOwner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mpcc

#endif  // MPCC_DATA_OWNER_H_
