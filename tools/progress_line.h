// SPDX-License-Identifier: Apache-2.0
// That something still works and how far it is, on stderr: on a terminal a live line with the
// seconds, after the first two, and in a file a line every half a minute.
#ifndef MPCC_TOOLS_PROGRESS_LINE_H_
#define MPCC_TOOLS_PROGRESS_LINE_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mpcc {

class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();  // takes a live line away
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // What is under way, or how much of it is done, from any thread.
  void Say(std::string part);
  void Update(size_t done, size_t all);

 private:
  using Clock = std::chrono::steady_clock;
  void Run(const std::stop_token& stop);
  void Show(Clock::duration passed, const std::string& part) const;

  const std::string what_;
  const bool terminal_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string part_;
  std::jthread thread_;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PROGRESS_LINE_H_
