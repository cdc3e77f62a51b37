// SPDX-License-Identifier: Apache-2.0
// That something still works and how far it is, on stderr: on a terminal a live line with the
// seconds, after the first two, and in a file a line every half a minute. Where the environment has
// MPCC_PROGRESS=json, for a program that shows it in its own way, a line of JSON whenever it
// changes. Lines may be nested: the innermost one is shown.
#ifndef MPCC_TOOLS_PROGRESS_LINE_H_
#define MPCC_TOOLS_PROGRESS_LINE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace mpcc {

class ProgressLine {
 public:
  // Takes the lines of a file in place of stderr.
  using Log = std::function<void(const std::string&)>;

  explicit ProgressLine(std::string what, Log log = {});
  ~ProgressLine();  // takes a live line away
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // What is under way, or how much of it is done, from any thread. `all` is 0 where nobody knows,
  // `unit` "bytes", or a word for what is counted.
  void Say(std::string part);
  void Update(uint64_t done, uint64_t all, std::string_view unit = {});

  // Say of the innermost line, if there is one.
  static void SayInnermost(std::string part);

  // Takes the live line away, if there is one, before something else is printed; it comes back.
  static void StepAside();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Style { kLive, kLines, kJson };
  struct State {
    std::string part;
    uint64_t done = 0, all = 0;
    bool operator==(const State&) const = default;
  };

  static Style StyleHere();
  static Clock::duration Pause(Style style, bool shown);
  void Tell(State state);
  void Run(const std::stop_token& stop);
  void Show();
  std::string Text(int64_t seconds) const;
  std::string Json(int64_t seconds) const;

  ProgressLine* outer_ = nullptr;
  const std::string what_;
  const Log log_;
  const Style style_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  State state_;
  std::optional<State> told_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_ - std::chrono::hours(1);
  std::jthread thread_;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PROGRESS_LINE_H_
