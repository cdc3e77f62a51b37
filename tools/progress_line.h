// SPDX-License-Identifier: Apache-2.0
// How far a long step is, on stderr: nothing in the first two seconds, then a live line on a
// terminal, and a line every half a minute in a file.
#ifndef MPCC_TOOLS_PROGRESS_LINE_H_
#define MPCC_TOOLS_PROGRESS_LINE_H_

#include <chrono>
#include <string>

namespace mpcc {

class ProgressLine {
 public:
  explicit ProgressLine(std::string what);
  ~ProgressLine();  // takes a live line away
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Update(size_t done, size_t all);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const bool terminal_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PROGRESS_LINE_H_
