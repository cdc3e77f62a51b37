// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_KEYGEN_H_
#define MPCC_TOOLS_MPCC_KEYGEN_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// `mpcc keygen DIR`: a test authority and one certificate and key per party; prints the files'
// paths.
void AddKeygenCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_KEYGEN_H_
