// SPDX-License-Identifier: Apache-2.0
// Tells which layer an inference has come to.
#ifndef MPCC_RUNTIME_SESSION_INFERENCE_UNDER_WAY_H_
#define MPCC_RUNTIME_SESSION_INFERENCE_UNDER_WAY_H_

#include "runtime/base/working.h"
#include "runtime/engine/run.h"

namespace mpcc::session {

class InferenceUnderWay {
 public:
  // Sink, which may be empty, and run must outlive it.
  InferenceUnderWay(const ProgressSink& sink, engine::Run& run)
      : work_(sink, {.what = "inference",
                     .unit = "layers",
                     .all = static_cast<uint64_t>(run.program().layers_size())}),
        run_(run) {
    if (sink) run_.OnLayer([this](uint32_t layer) { work_.Done(layer); });
  }
  ~InferenceUnderWay() { run_.OnLayer({}); }
  InferenceUnderWay(const InferenceUnderWay&) = delete;
  InferenceUnderWay& operator=(const InferenceUnderWay&) = delete;

 private:
  Working work_;
  engine::Run& run_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_INFERENCE_UNDER_WAY_H_
