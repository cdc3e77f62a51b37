// SPDX-License-Identifier: Apache-2.0
// What `mpcc inspect --rate` says.
#ifndef MPCC_TOOLS_INSPECT_SIZING_H_
#define MPCC_TOOLS_INSPECT_SIZING_H_

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/base/network_profile.h"
#include "runtime/plan/sizing.h"

namespace mpcc {

// What is wanted and what there is.
struct SizingQuestion {
  double inferences_per_second = 0;
  NetworkProfile network;
  MachineProfile machine;
};

nlohmann::json SizingJson(const plan::Plan& plan, const plan::Program& program,
                          const SizingQuestion& question);

// A line for each need; a link that has less than that is named.
std::string SizingText(const plan::Plan& plan, const plan::Program& program,
                       const SizingQuestion& question);

}  // namespace mpcc

#endif  // MPCC_TOOLS_INSPECT_SIZING_H_
