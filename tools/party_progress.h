// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_PARTY_PROGRESS_H_
#define MPCC_TOOLS_PARTY_PROGRESS_H_

#include "mpcc/progress_sink.h"
#include "tools/progress_line.h"

namespace mpcc {

// Shows what a party tells as a progress line for each thing under way. `log` is as of
// ProgressLine.
ProgressSink ShowProgress(ProgressLine::Log log);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PARTY_PROGRESS_H_
