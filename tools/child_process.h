// SPDX-License-Identifier: Apache-2.0
// A child process with pipes to its standard input and from its standard output.
#ifndef MPCC_TOOLS_CHILD_PROCESS_H_
#define MPCC_TOOLS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// Killed when destroyed while it runs.
class ChildProcess {
 public:
  static absl::StatusOr<ChildProcess> Start(const std::vector<std::string>& command);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  int output() const { return from_.get(); }
  absl::Status Write(const std::string& text);
  void CloseInput() { to_ = UniqueFd(); }

  // A descriptor that can be read once the process has ended.
  int ended() const { return ended_.get(); }
  // Its exit status if it has ended (128 + the signal's number if a signal ended it).
  std::optional<int> Poll();
  // Waits for at most that long, then kills it.
  int Wait(int timeout_ms);

 private:
  ChildProcess(pid_t pid, UniqueFd ended, UniqueFd to, UniqueFd from)
      : pid_(pid), ended_(std::move(ended)), to_(std::move(to)), from_(std::move(from)) {}
  pid_t pid_;
  UniqueFd ended_, to_, from_;
  std::optional<int> exit_;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_CHILD_PROCESS_H_
