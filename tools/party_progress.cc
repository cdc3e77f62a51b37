// SPDX-License-Identifier: Apache-2.0
#include "tools/party_progress.h"

#include <memory>
#include <optional>
#include <string>

namespace mpcc {
namespace {

class Shown {
 public:
  explicit Shown(ProgressLine::Log log) : log_(std::move(log)) {}

  void Tell(const Progress& progress) {
    if (what_ != progress.what) {
      line_.reset();
      what_ = progress.what;
      if (!what_.empty()) line_.emplace(what_, log_);
    }
    if (line_ && !progress.unit.empty()) line_->Update(progress.done, progress.all, progress.unit);
  }

 private:
  const ProgressLine::Log log_;
  std::string what_;
  std::optional<ProgressLine> line_;
};

}  // namespace

ProgressSink ShowProgress(ProgressLine::Log log) {
  return [shown = std::make_shared<Shown>(std::move(log))](const Progress& progress) {
    shown->Tell(progress);
  };
}

}  // namespace mpcc
