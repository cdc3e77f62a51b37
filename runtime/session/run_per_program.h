// SPDX-License-Identifier: Apache-2.0
// The runs of a session: one for each program, made at its first use and used again.
#ifndef MPCC_RUNTIME_SESSION_RUN_PER_PROGRAM_H_
#define MPCC_RUNTIME_SESSION_RUN_PER_PROGRAM_H_

#include <fmt/format.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/engine/run.h"

namespace mpcc::session {

// `Run` is the class of a party's runs.
template <typename Run>
class RunPerProgram {
 public:
  RunPerProgram(engine::PreparedPlan::Ptr plan, std::shared_ptr<Workers> workers)
      : plan_(std::move(plan)),
        workers_(std::move(workers)),
        runs_(plan_->plan().programs_size()) {}

  const engine::PreparedPlan& plan() const { return *plan_; }

  // INVALID_ARGUMENT when the plan has no such program.
  absl::StatusOr<Run*> At(int64_t program) {
    if (program < 0 || program >= static_cast<int64_t>(runs_.size()))
      return absl::InvalidArgumentError(fmt::format("program {} does not exist", program));
    auto& run = runs_[program];
    if (!run) run = std::make_unique<Run>(plan_, static_cast<int>(program), workers_);
    return run.get();
  }

 private:
  engine::PreparedPlan::Ptr plan_;
  std::shared_ptr<Workers> workers_;
  std::vector<std::unique_ptr<Run>> runs_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_RUN_PER_PROGRAM_H_
