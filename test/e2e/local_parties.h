// SPDX-License-Identifier: Apache-2.0
// The three parties in this process: P0 deals, then P1 and P2 run an inference in two threads over
// channels in memory. Keys come from given seeds, so that a run can be repeated.
#ifndef MPCC_TEST_E2E_LOCAL_PARTIES_H_
#define MPCC_TEST_E2E_LOCAL_PARTIES_H_

#include <array>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/tensor.h"
#include "runtime/crypto/session_keys.h"
#include "runtime/engine/run.h"

namespace mpcc {

struct PairSeeds {
  std::array<uint8_t, kSeedBytes> seed01{};  // P0 and P1
  std::array<uint8_t, kSeedBytes> seed02{};  // P0 and P2
};

struct InferenceResult {
  NamedTensors outputs;
  std::array<RunStats, 3> stats;  // by party
};

class LocalParties {
 public:
  // Loads party0.plan to party2.plan of a folder and sets the weights up.
  static absl::StatusOr<LocalParties> Create(const std::string& folder, const PairSeeds& seeds);

  // Sees the wires of P1 (1) or P2 (2) in every inference from now on.
  void Observe(int party, engine::WireObserver observer) {
    observers_[party] = std::move(observer);
  }
  const LoadedPlan& plan(int party) const { return *plans_[party]; }
  std::array<uint8_t, kPlanSetIdBytes> plan_set_id() const;

  // Deals for and runs inference `number` of a program.
  absl::StatusOr<InferenceResult> Infer(int program, uint64_t number, const NamedTensors& inputs);

 private:
  using Plans = std::array<std::shared_ptr<const LoadedPlan>, 3>;

  LocalParties(Plans plans, const PairSeeds& seeds) : plans_(std::move(plans)), seeds_(seeds) {}
  absl::Status SetUp();
  absl::StatusOr<Prg> Key(const std::array<uint8_t, kSeedBytes>& seed, int program,
                          uint64_t number) const;

  Plans plans_;
  PairSeeds seeds_;
  std::array<engine::PreparedPlan::Ptr, 3> prepared_;
  std::array<engine::WireObserver, 3> observers_;
};

}  // namespace mpcc

#endif  // MPCC_TEST_E2E_LOCAL_PARTIES_H_
