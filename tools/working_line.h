// SPDX-License-Identifier: Apache-2.0
// That something still works, on stderr, of steps that do not know how far they are: on a terminal
// a live line with the seconds, after the first two, and in a file a line every half a minute.
#ifndef MPCC_TOOLS_WORKING_LINE_H_
#define MPCC_TOOLS_WORKING_LINE_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mpcc {

class WorkingLine {
 public:
  explicit WorkingLine(std::string what);
  ~WorkingLine();  // takes a live line away
  WorkingLine(const WorkingLine&) = delete;
  WorkingLine& operator=(const WorkingLine&) = delete;

  // What is under way, from any thread.
  void Say(std::string part);

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

#endif  // MPCC_TOOLS_WORKING_LINE_H_
