// SPDX-License-Identifier: Apache-2.0
// What a party did in each inference, by its own clock.
#ifndef MPCC_TRACE_SINK_H_
#define MPCC_TRACE_SINK_H_

#include <cstdint>
#include <functional>

#include "mpcc/run_stats.h"

namespace mpcc {

// P0 deals in it, P1 and P2 exchange messages. It tells of no input.
struct TracedRun {
  int program = 0;      // index into Plan.programs
  uint64_t number = 0;  // of the inference, the same at all parties
  double began = 0;     // seconds since 1970
  double ended = 0;
  RunStats stats;
};

// Called after each run that ended well, by the thread that ran it.
using TraceSink = std::function<void(const TracedRun&)>;

}  // namespace mpcc

#endif  // MPCC_TRACE_SINK_H_
