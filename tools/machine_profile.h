// SPDX-License-Identifier: Apache-2.0
// What a machine takes for its part of inferences, as a file of JSON: `mpcc-local
// --measure-machine` writes it, `mpcc inspect --machine` reads it.
#ifndef MPCC_TOOLS_MACHINE_PROFILE_H_
#define MPCC_TOOLS_MACHINE_PROFILE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/plan/prediction.h"

namespace mpcc {

// INVALID_ARGUMENT names the file and what is wrong with it.
absl::StatusOr<MachineProfile> ReadMachine(const std::string& path);

absl::Status WriteMachine(const MachineProfile& machine, const std::string& path);

// The medians of answers of one program at P1, as AnswerToJson has them. `plans` is the folder of
// the plans. INVALID_ARGUMENT when no answer is there.
absl::StatusOr<MachineProfile> MachineOf(const std::vector<nlohmann::json>& answers,
                                         const std::string& plans);

}  // namespace mpcc

#endif  // MPCC_TOOLS_MACHINE_PROFILE_H_
