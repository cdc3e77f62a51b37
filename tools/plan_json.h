// SPDX-License-Identifier: Apache-2.0
// The facts of a plan that programs are told: `mpcc inspect --json` prints them, and a report is
// made of nothing else.
#ifndef MPCC_TOOLS_PLAN_JSON_H_
#define MPCC_TOOLS_PLAN_JSON_H_

#include <nlohmann/json.hpp>

#include "runtime/plan/plan.pb.h"
#include "tools/prediction_options.h"

namespace mpcc {

// Of a valid plan. Costs have the names of the plan format; "predicted" times, in seconds, are
// there if a network is.
nlohmann::json PlanToJson(const plan::Plan& plan, const PredictionOptions& prediction);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PLAN_JSON_H_
