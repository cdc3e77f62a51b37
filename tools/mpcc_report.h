// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_REPORT_H_
#define MPCC_TOOLS_MPCC_REPORT_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc report PLANS -o FILE`: what `mpcc inspect --json` says of plans, as one page that needs
// nothing else.
void AddReportCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_REPORT_H_
