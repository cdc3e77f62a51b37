// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_MPCC_DOCTOR_H_
#define MPCC_TOOLS_MPCC_DOCTOR_H_

#include <CLI/CLI.hpp>

namespace mpcc {

// mpcc doctor: whether this machine can be a party.
void AddDoctorCommand(CLI::App& app, int& exit_code);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MPCC_DOCTOR_H_
