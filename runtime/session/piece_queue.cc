// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/piece_queue.h"

#include <algorithm>
#include <chrono>

namespace mpcc::session {

namespace {

constexpr std::chrono::seconds kIdleInterval{2};

}  // namespace

template <typename Done>
void PieceQueue::Wait(std::unique_lock<std::mutex>& lock, Done done) {
  while (!changed_.wait_for(lock, kIdleInterval, done)) {
    if (!idle_) continue;
    lock.unlock();
    idle_();
    lock.lock();
  }
}

PieceQueue::PieceQueue(uint64_t bytes, uint64_t most, std::vector<SecureBuffer> spares)
    : bytes_(bytes),
      most_(std::min(PieceCount(bytes), std::max<uint64_t>(most, 2))),
      spares_(std::move(spares)) {}

PieceQueue::Room PieceQueue::Reserve(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return abandoned_ || Held() < most_; });
  if (abandoned_) return Room::kUnwanted;
  if (Held() >= most_) return Room::kNotYet;
  ++reserved_;
  most_held_ = std::max(most_held_, Held());
  return Room::kYes;
}

SecureBuffer PieceQueue::Buffer() {
  {
    const std::lock_guard lock(mutex_);
    if (!spares_.empty()) {
      SecureBuffer buffer = std::move(spares_.back());
      spares_.pop_back();
      return buffer;
    }
  }
  return SecureBuffer(kPieceBytes);
}

void PieceQueue::Push(SecureBuffer buffer, uint64_t size) {
  const std::lock_guard lock(mutex_);
  --reserved_;
  queue_.push_back({std::move(buffer), size});
  changed_.notify_all();
}

void PieceQueue::Finish(const absl::Status& status, uint64_t micros) {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  status_ = status;
  micros_ = micros;
  changed_.notify_all();
}

absl::StatusOr<std::span<const uint8_t>> PieceQueue::Next() {
  std::unique_lock lock(mutex_);
  if (current_.size > 0) spares_.push_back(std::move(current_.buffer));
  current_ = {};
  changed_.notify_all();
  Wait(lock, [&] { return finished_ || !queue_.empty(); });
  if (queue_.empty())
    return status_.ok() ? absl::OutOfRangeError("the material is used up") : status_;
  current_ = std::move(queue_.front());
  queue_.pop_front();
  return std::as_const(current_.buffer).span().first(current_.size);
}

absl::Status PieceQueue::WaitUntilFull() {
  std::unique_lock lock(mutex_);
  Wait(lock, [&] { return finished_ || queue_.size() >= most_; });
  return status_;
}

absl::StatusOr<uint64_t> PieceQueue::WaitUntilFinished() {
  std::unique_lock lock(mutex_);
  Wait(lock, [&] { return finished_; });
  if (!status_.ok()) return status_;
  return micros_;
}

void PieceQueue::Abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

std::vector<SecureBuffer> PieceQueue::TakeSpares() {
  const std::lock_guard lock(mutex_);
  if (current_.size > 0) spares_.push_back(std::move(current_.buffer));
  current_ = {};
  return std::move(spares_);
}

uint64_t PieceQueue::most_held() const {
  const std::lock_guard lock(mutex_);
  return most_held_;
}

}  // namespace mpcc::session
