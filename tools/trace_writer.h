// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_TRACE_WRITER_H_
#define MPCC_TOOLS_TRACE_WRITER_H_

#include <string>

#include "absl/status/statusor.h"
#include "mpcc/plan.h"
#include "mpcc/trace_sink.h"

namespace mpcc {

// A sink that writes a line of JSON as each run ends (trace_file.h). The file is made anew at once;
// the error names it.
absl::StatusOr<TraceSink> TraceTo(const std::string& path, const Plan& plan);

}  // namespace mpcc

#endif  // MPCC_TOOLS_TRACE_WRITER_H_
