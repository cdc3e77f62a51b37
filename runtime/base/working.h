// SPDX-License-Identifier: Apache-2.0
// Tells that something is under way, for as long as it exists.
#ifndef MPCC_RUNTIME_BASE_WORKING_H_
#define MPCC_RUNTIME_BASE_WORKING_H_

#include "mpcc/progress_sink.h"

namespace mpcc {

class Working {
 public:
  // The sink, which may be empty, and the words must outlive it.
  explicit Working(const ProgressSink& sink, Progress progress) : sink_(sink), progress_(progress) {
    if (sink_) sink_(progress_);
  }
  ~Working() {
    if (sink_) sink_({});
  }
  Working(const Working&) = delete;
  Working& operator=(const Working&) = delete;

  void Done(uint64_t done) {
    progress_.done = done;
    if (sink_) sink_(progress_);
  }

 private:
  const ProgressSink& sink_;
  Progress progress_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_WORKING_H_
