// SPDX-License-Identifier: Apache-2.0
// How far a party is with what may take long.
#ifndef MPCC_PROGRESS_SINK_H_
#define MPCC_PROGRESS_SINK_H_

#include <cstdint>
#include <functional>
#include <string_view>

namespace mpcc {

struct Progress {
  // "waiting for P0 and P2", "set-up", "dealing", "storing", "inference"; empty: nothing is under
  // way.
  std::string_view what;
  std::string_view unit;  // of what is counted: "bytes", "inferences", "layers", if anything is
  uint64_t done = 0, all = 0;  // all is 0 where nobody knows
};

// Called by the thread that works, which waits for it. It tells of no input.
using ProgressSink = std::function<void(const Progress&)>;

}  // namespace mpcc

#endif  // MPCC_PROGRESS_SINK_H_
