// SPDX-License-Identifier: Apache-2.0
#include "tools/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace mpcc {
namespace {

constexpr std::chrono::seconds kQuiet(2), kBetweenLines(30);
constexpr std::chrono::milliseconds kBetweenUpdates(200);

}  // namespace

ProgressLine::ProgressLine(std::string what)
    : what_(std::move(what)),
      terminal_(isatty(STDERR_FILENO) != 0),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

ProgressLine::~ProgressLine() {
  thread_.request_stop();
  thread_.join();
}

void ProgressLine::Say(std::string part) {
  const std::lock_guard lock(mutex_);
  part_ = std::move(part);
}

void ProgressLine::Update(size_t done, size_t all) { Say(fmt::format("{} of {}", done, all)); }

void ProgressLine::Run(const std::stop_token& stop) {
  const Clock::time_point start = Clock::now();
  Clock::duration pause = terminal_ ? kQuiet : kBetweenLines;
  bool shown = false;
  for (std::unique_lock lock(mutex_);
       !wake_.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); });) {
    Show(Clock::now() - start, part_);
    shown = true;
    pause = terminal_ ? Clock::duration(kBetweenUpdates) : Clock::duration(kBetweenLines);
  }
  if (shown && terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::Show(Clock::duration passed, const std::string& part) const {
  fmt::print(stderr, "{}{}: {} s{}{}{}", terminal_ ? "\r\033[K" : "", what_,
             std::chrono::duration_cast<std::chrono::seconds>(passed).count(),
             part.empty() ? "" : ", ", part, terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace mpcc
