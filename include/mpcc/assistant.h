// SPDX-License-Identifier: Apache-2.0
// P2: keeps material and computes with P1.
#ifndef MPCC_ASSISTANT_H_
#define MPCC_ASSISTANT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "mpcc/channel.h"
#include "mpcc/export.h"
#include "mpcc/party_config.h"

namespace mpcc {

// Material for inferences of one program.
struct StockInfo {
  uint32_t sequence_length = 0;  // of the program
  uint64_t inferences = 0;       // whose material is stored and not spent
  uint64_t pieces = 0, bytes = 0;
};

// Channels, errors and threads as of ModelOwner.
class MPCC_EXPORT Assistant {
 public:
  // Makes or checks the state directory. INVALID_ARGUMENT when the plan is not P2's.
  static absl::StatusOr<Assistant> Create(PartyConfig config);
  Assistant(Assistant&&) noexcept;
  Assistant& operator=(Assistant&&) noexcept;
  ~Assistant();

  // What lies in a state directory, by program of P2's plan, also while a process works there.
  // NOT_FOUND when there is no set-up; other errors as of CheckSetUp.
  static absl::StatusOr<std::vector<StockInfo>> Stock(const Plan& plan,
                                                      const std::string& state_directory);

  // FAILED_PRECONDITION when there is no set-up for this plan yet, or of another one.
  absl::Status CheckSetUp() const;

  // Once: with SetUp of the others at the same time.
  absl::Status SetUp(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p1);

  // Stores what P0 deals; the number of inferences.
  absl::StatusOr<int> Store(std::unique_ptr<Channel> p0);

  // Takes part in the inferences of one session of P1 (DataOwner::Start), with material from the
  // store. NOT_FOUND when none is left, with what is in stock for other programs.
  absl::Status Assist(std::unique_ptr<Channel> p1);

  // Sets up if needed, then takes part in P1's inferences until it ends, with material that P0
  // deals ahead of need. The others call Serve.
  absl::Status Serve(std::unique_ptr<Channel> p0, std::unique_ptr<Channel> p1);

 private:
  struct Impl;
  explicit Assistant(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mpcc

#endif  // MPCC_ASSISTANT_H_
