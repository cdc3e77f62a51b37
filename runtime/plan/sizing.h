// SPDX-License-Identifier: Apache-2.0
// What a wanted rate of inferences asks of a party's machines and of the links.
#ifndef MPCC_RUNTIME_PLAN_SIZING_H_
#define MPCC_RUNTIME_PLAN_SIZING_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/plan/plan.pb.h"
#include "runtime/plan/prediction.h"

namespace mpcc {

// Inferences a second: "30/min", "2/s" or "500/h". INVALID_ARGUMENT with what is accepted.
absl::StatusOr<double> ParseRate(std::string_view text);

// What the program of a plan takes for one inference.
struct InferenceNeeds {
  int party = 0;  // whose plan it is
  plan::Cost cost = {};
  PredictedTime time = {};     // of all layers
  double deal_seconds = 0;     // of P0's processor
  uint64_t service_bytes = 0;  // of memory, beside plan and weights (PredictMemory)
};

// A service is three parties with a set-up of their own; it answers one question at a time.
struct Sizing {
  uint64_t services = 1;      // side by side; P0's plan has no online steps and does not tell: 1
  double cores = 0;           // busy in the mean; 0: what the machine takes is not known
  uint64_t memory_bytes = 0;  // of all services, beside plan and weights
  double bits_p1_to_p2 = 0, bits_p2_to_p1 = 0, bits_p0_to_p2 = 0;  // a second
  double stock_bytes_of_hour = 0;                                  // at P2, if dealt ahead
};
Sizing SizeFor(const InferenceNeeds& needs, double inferences_per_second);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_SIZING_H_
