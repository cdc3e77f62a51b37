// SPDX-License-Identifier: Apache-2.0
// Logging for the tools: spdlog on standard error. Never log shares, masks, keys or inputs.
#ifndef MPCC_TOOLS_LOG_H_
#define MPCC_TOOLS_LOG_H_

#include <spdlog/spdlog.h>

#include <string>

#include "absl/status/status.h"

namespace mpcc {

// Makes the process's logger write to standard error as
//   12:03:44.101 warning [party1] text
// at `level` (trace, debug, info, warning, error, critical, off) and above. Call once, in main.
// INVALID_ARGUMENT for an unknown level.
absl::Status InitLogging(const std::string& name, const std::string& level);

}  // namespace mpcc

#endif  // MPCC_TOOLS_LOG_H_
