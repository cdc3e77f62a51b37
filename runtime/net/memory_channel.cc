// SPDX-License-Identifier: Apache-2.0
#include "mpcc/memory_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/waiter.h"

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;

// One direction: a queue of messages.
class Pipe {
 public:
  void Push(std::span<const uint8_t> message) {
    SecureBuffer copy = SecureBuffer::CopyOf(message);
    std::lock_guard lock(mutex_);
    messages_.push_back(std::move(copy));
    events_.fetch_add(1, std::memory_order_release);
    changed_.notify_one();
  }

  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    events_.fetch_add(1, std::memory_order_release);
    changed_.notify_one();
  }

  // The owner of the other end is there.
  void KeepAlive() {
    std::lock_guard lock(mutex_);
    ++alive_;
    changed_.notify_one();
  }

  absl::Status Pop(std::span<uint8_t> out, const std::string& peer, const WaitOptions& wait) {
    Spin(wait.spin);
    std::unique_lock lock(mutex_);
    uint64_t heard = 0;
    bool woken = true;
    while (woken && !closed_ && messages_.empty()) {
      heard = alive_;
      woken = changed_.wait_for(lock, wait.peer_timeout,
                                [&] { return closed_ || !messages_.empty() || alive_ != heard; });
    }
    if (!woken) {
      return absl::UnavailableError(
          fmt::format("{} was silent for {} ms", peer, wait.peer_timeout.count()));
    }
    if (messages_.empty()) {
      return absl::UnavailableError(fmt::format("{} closed the connection", peer));
    }
    SecureBuffer message = std::move(messages_.front());
    messages_.pop_front();
    ++popped_;
    lock.unlock();
    if (message.size() != out.size()) return WrongLengthError(peer, message.size(), out.size());
    std::memcpy(out.data(), message.data(), out.size());
    return absl::OkStatus();
  }

 private:
  // Only the receiver writes popped_, and only the receiver spins.
  void Spin(std::chrono::microseconds limit) const {
    const Clock::time_point end = Clock::now() + limit;
    while (events_.load(std::memory_order_acquire) == popped_ && Clock::now() < end) {
      std::this_thread::yield();  // where processors are scarce the peer waits for this one
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<SecureBuffer> messages_;
  bool closed_ = false;
  uint64_t alive_ = 0;
  std::atomic<uint64_t> events_{0};  // messages pushed, and one for closing
  uint64_t popped_ = 0;
};

class MemoryChannel : public Channel {
 public:
  MemoryChannel(std::string peer, std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out,
                const WaitOptions& wait)
      : Channel(std::move(peer)), in_(std::move(in)), out_(std::move(out)), wait_(wait) {
    wait_.peer_timeout = std::min(wait.peer_timeout, kLongestWait);
    wait_.spin = std::min<std::chrono::microseconds>(wait.spin, kLongestWait);
  }
  ~MemoryChannel() override { out_->Close(); }

 protected:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    if (!send.empty()) out_->Push(send);
    return recv.empty() ? absl::OkStatus() : in_->Pop(recv, peer(), wait_);
  }
  absl::Status SendKeepAlive() override {
    out_->KeepAlive();
    return absl::OkStatus();
  }

 private:
  std::shared_ptr<Pipe> in_;
  std::shared_ptr<Pipe> out_;
  WaitOptions wait_;
};

}  // namespace

std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>> MakeMemoryChannelPair(
    std::string first_peer, std::string second_peer, const WaitOptions& wait) {
  auto forth = std::make_shared<Pipe>();
  auto back = std::make_shared<Pipe>();
  return {std::make_unique<MemoryChannel>(std::move(first_peer), back, forth, wait),
          std::make_unique<MemoryChannel>(std::move(second_peer), forth, back, wait)};
}

}  // namespace mpcc
