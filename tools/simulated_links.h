// SPDX-License-Identifier: Apache-2.0
// The links of a party by --simulate and --uplink.
#ifndef MPCC_TOOLS_SIMULATED_LINKS_H_
#define MPCC_TOOLS_SIMULATED_LINKS_H_

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "mpcc/network.h"

namespace mpcc {

// Links of party `role` by peer; real ones if both texts are empty. P0's are as fast as that of P1
// and P2 unless its uplink says more. INVALID_ARGUMENT with what was found and what is accepted.
absl::StatusOr<std::array<SimulatedLink, 3>> SimulatedLinks(int role, const std::string& simulate,
                                                            const std::string& uplink);

}  // namespace mpcc

#endif  // MPCC_TOOLS_SIMULATED_LINKS_H_
