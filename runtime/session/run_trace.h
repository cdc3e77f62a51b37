// SPDX-License-Identifier: Apache-2.0
// The clock of a run that somebody may want to know of.
#ifndef MPCC_RUNTIME_SESSION_RUN_TRACE_H_
#define MPCC_RUNTIME_SESSION_RUN_TRACE_H_

#include <chrono>

#include "mpcc/trace_sink.h"

namespace mpcc::session {

class RunTrace {
 public:
  // Begins now. The sink, which may be empty, must outlive the trace.
  RunTrace(const TraceSink& sink, int program, uint64_t number)
      : sink_(sink), run_{.program = program, .number = number, .began = Now(), .stats = {}} {}

  void End(const RunStats& stats) {
    if (!sink_) return;
    run_.ended = Now();
    run_.stats = stats;
    sink_(run_);
  }

 private:
  static double Now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  const TraceSink& sink_;
  TracedRun run_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_RUN_TRACE_H_
