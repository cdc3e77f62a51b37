// SPDX-License-Identifier: Apache-2.0
#include "tools/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace mpcc {
namespace {

constexpr std::chrono::seconds kQuiet(2), kBetweenLines(30);
constexpr std::chrono::milliseconds kBetweenUpdates(100);

}  // namespace

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + kQuiet) {}

ProgressLine::~ProgressLine() {
  if (shown_ && terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::Update(size_t done, size_t all) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(kBetweenUpdates) : Clock::duration(kBetweenLines));
  shown_ = true;
  fmt::print(stderr, "{}{}: {} of {}{}", terminal_ ? "\r" : "", what_, done, all,
             terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace mpcc
