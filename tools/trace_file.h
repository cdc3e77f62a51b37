// SPDX-License-Identifier: Apache-2.0
// When a party did what, in a file of its own: a line of JSON for each inference (trace_writer.h).
// Files of several parties are merged by people, or by mpcc-local, and shown by `mpcc report
// --trace`.
#ifndef MPCC_TOOLS_TRACE_FILE_H_
#define MPCC_TOOLS_TRACE_FILE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc {

// The runs of such a file, or of one that MergeTraces wrote. DATA_LOSS where it is none.
absl::StatusOr<std::vector<nlohmann::json>> ReadTrace(const std::string& path);

// One file of them all, a line each, by their beginnings; `merged` may be no file
// (output_file.h).
absl::Status MergeTraces(const std::vector<std::string>& paths, const std::string& merged);

}  // namespace mpcc

#endif  // MPCC_TOOLS_TRACE_FILE_H_
