// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_COMPILE_SUMMARY_H_
#define MPCC_TOOLS_COMPILE_SUMMARY_H_

#include <string>

#include "absl/status/statusor.h"
#include "mpcc/cost.h"
#include "runtime/base/network_profile.h"

namespace mpcc {

// What an inference costs, as columns of a table: rounds, MB from P1 to P2, MB of material, and the
// milliseconds that a network takes for the messages and for the material, computing aside.
std::string CostColumnTitles();
std::string CostColumns(const Cost& cost, const NetworkProfile& network);

// What the plans in a folder cost, a line for each program, and the most memory that a party takes
// beside its plan and weights. From P2's plan, which has no constants.
absl::StatusOr<std::string> CompileSummary(const std::string& folder,
                                           const NetworkProfile& network);

}  // namespace mpcc

#endif  // MPCC_TOOLS_COMPILE_SUMMARY_H_
