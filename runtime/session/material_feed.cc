// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/material_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "runtime/base/status_macros.h"

namespace mpcc::session {
namespace {

constexpr std::chrono::seconds kPingInterval{2};

}  // namespace

MaterialFeed::MaterialFeed(const plan::Plan& plan, std::unique_ptr<Channel> p0)
    : plan_(plan), p0_(std::move(p0)) {
  if (plan.programs_size() == 1) wanted_.push_back(0);
  thread_ = std::thread([this] { Loop(); });
}

MaterialFeed::~MaterialFeed() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (reason_.ok())
    SendControl(*p0_, {.kind = ControlKind::kEnd}).IgnoreError();
  else
    SendFailure(*p0_, reason_);
}

absl::StatusOr<FedMaterial> MaterialFeed::Take(int program) {
  std::unique_lock lock(mutex_);
  const auto fits = [&](const FedMaterial& fed) {
    return fed.material.program == static_cast<uint32_t>(program);
  };
  const auto find = [&] { return std::find_if(ready_.begin(), ready_.end(), fits); };
  if (find() == ready_.end() && std::count(wanted_.begin(), wanted_.end(), program) == 0)
    wanted_.push_back(program);
  changed_.notify_all();
  changed_.wait(lock, [&] { return find() != ready_.end() || !status_.ok(); });
  const auto found = find();
  if (found == ready_.end()) return status_;
  FedMaterial fed = std::move(*found);
  ready_.erase(found);
  return fed;
}

void MaterialFeed::Recycle(int program, SecureBuffer buffer) {
  {
    const std::lock_guard lock(mutex_);
    spare_ = std::move(buffer);
    const bool stocked = std::any_of(ready_.begin(), ready_.end(), [&](const FedMaterial& fed) {
      return fed.material.program == static_cast<uint32_t>(program);
    });
    if (!stocked && std::count(wanted_.begin(), wanted_.end(), program) == 0)
      wanted_.push_back(program);
  }
  changed_.notify_all();
}

absl::Status MaterialFeed::status() {
  const std::lock_guard lock(mutex_);
  return status_;
}

absl::Status MaterialFeed::Fetch(int program) {
  MPCC_RETURN_IF_ERROR(
      SendControl(*p0_, {.kind = ControlKind::kDeal, .program = static_cast<uint32_t>(program)}));
  MPCC_ASSIGN_OR_RETURN(const Control dealt, ReceiveControl(*p0_, ControlKind::kDealt));
  const uint64_t bytes = plan_.programs(program).material_size();
  if (dealt.bytes != bytes)
    return absl::DataLossError(
        fmt::format("{} dealt {} bytes, the plan needs {}", p0_->peer(), dealt.bytes, bytes));
  FedMaterial fed{{dealt.number, static_cast<uint32_t>(program), {}, 0}, dealt.micros};
  {
    const std::lock_guard lock(mutex_);
    if (spare_.size() == bytes) fed.material.storage = std::move(spare_);
  }
  if (fed.material.storage.size() != bytes) fed.material.storage = SecureBuffer(bytes);
  MPCC_RETURN_IF_ERROR(ReceiveBulkOnRequest(*p0_, fed.material.storage.span(), [this] {
    const std::lock_guard lock(mutex_);
    return !stop_;
  }));
  const std::lock_guard lock(mutex_);
  ready_.push_back(std::move(fed));
  return absl::OkStatus();
}

void MaterialFeed::Loop() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const bool work =
        changed_.wait_for(lock, kPingInterval, [&] { return stop_ || !wanted_.empty(); });
    if (stop_) return;
    const int program = work ? wanted_.front() : -1;
    lock.unlock();
    absl::Status status = work ? Fetch(program) : SendControl(*p0_, {.kind = ControlKind::kPing});
    if (!work && status.ok()) status = ReceiveControl(*p0_, ControlKind::kPing).status();
    lock.lock();
    if (work) wanted_.pop_front();
    status_ = status;
    changed_.notify_all();
    if (!status.ok()) return;
  }
}

}  // namespace mpcc::session
