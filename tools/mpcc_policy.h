// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_POLICY_H_
#define MPCC_TOOLS_MPCC_POLICY_H_

#include <CLI/CLI.hpp>

namespace mpcc {

void AddPolicyCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_POLICY_H_
