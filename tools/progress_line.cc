// SPDX-License-Identifier: Apache-2.0
#include "tools/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace mpcc {
namespace {

constexpr std::chrono::seconds kQuiet(2), kBetweenLines(30);
constexpr std::chrono::milliseconds kBetweenUpdates(200);
constexpr char kErase[] = "\r\033[K";

// Whether a live line stands on the terminal.
std::atomic<bool> live = false;
std::mutex nesting;
// Changes under `nesting`, so that whoever holds that may use it.
std::atomic<ProgressLine*> innermost = nullptr;

std::string Count(uint64_t done, uint64_t all, std::string_view unit) {
  if (unit == "bytes") return fmt::format("{:.1f} of {:.1f} MB", 1e-6 * done, 1e-6 * all);
  const std::string of = all > 0 ? fmt::format(" of {}", all) : "";
  return fmt::format("{}{}{}{}", done, of, unit.empty() ? "" : " ", unit);
}

}  // namespace

ProgressLine::ProgressLine(std::string what, Log log)
    : what_(std::move(what)), log_(std::move(log)), style_(StyleHere()) {
  const std::lock_guard lock(nesting);
  outer_ = innermost.exchange(this);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

ProgressLine::~ProgressLine() {
  {
    const std::lock_guard lock(nesting);
    innermost = outer_;
  }
  thread_.request_stop();
  thread_.join();
}

void ProgressLine::Say(std::string part) { Tell({.part = std::move(part)}); }

void ProgressLine::Update(uint64_t done, uint64_t all, std::string_view unit) {
  Tell({.part = Count(done, all, unit), .done = done, .all = all});
}

void ProgressLine::SayInnermost(std::string part) {
  const std::lock_guard lock(nesting);
  if (ProgressLine* const line = innermost) line->Say(std::move(part));
}

void ProgressLine::StepAside() {
  if (live.exchange(false)) fmt::print(stderr, kErase);
}

ProgressLine::Style ProgressLine::StyleHere() {
  const char* wish = std::getenv("MPCC_PROGRESS");
  if (wish && std::string_view(wish) == "json") return Style::kJson;
  return isatty(STDERR_FILENO) ? Style::kLive : Style::kLines;
}

ProgressLine::Clock::duration ProgressLine::Pause(Style style, bool shown) {
  if (style == Style::kLines) return kBetweenLines;
  return style == Style::kLive && !shown ? Clock::duration(kQuiet) : kBetweenUpdates;
}

void ProgressLine::Tell(State state) {
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
  if (style_ == Style::kJson && Clock::now() - shown_ >= kBetweenUpdates) Show();
}

void ProgressLine::Run(const std::stop_token& stop) {
  bool shown = live;
  for (std::unique_lock lock(mutex_);
       !wake_.wait_for(lock, stop, Pause(style_, shown), [&] { return stop.stop_requested(); });) {
    Show();
    shown = true;
  }
  StepAside();
}

void ProgressLine::Show() {
  if (innermost != this) return;
  shown_ = Clock::now();
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(shown_ - start_).count();
  if (style_ == Style::kLines && log_) return log_(Text(seconds));
  if (style_ == Style::kLive) {
    fmt::print(stderr, "{}{}", kErase, Text(seconds));
    live = true;
  } else if (style_ == Style::kLines) {
    fmt::print(stderr, "{}\n", Text(seconds));
  } else if (state_ != std::exchange(told_, state_)) {
    fmt::print(stderr, "{}\n", Json(seconds));
  }
  std::fflush(stderr);
}

std::string ProgressLine::Text(int64_t seconds) const {
  return fmt::format("{}: {} s{}{}", what_, seconds, state_.part.empty() ? "" : ", ", state_.part);
}

std::string ProgressLine::Json(int64_t seconds) const {
  return nlohmann::json{{"progress", what_},
                        {"part", state_.part},
                        {"done", state_.done},
                        {"all", state_.all},
                        {"seconds", seconds}}
      .dump();
}

}  // namespace mpcc
