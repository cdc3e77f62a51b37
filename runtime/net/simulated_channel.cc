// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/simulated_channel.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/wrapping_channel.h"

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;  // one for all processes since the system started
using std::chrono::nanoseconds;

// A sleep ends up to that late; the rest is spent looking at the clock.
constexpr std::chrono::microseconds kSleepIsLate{100};

void WaitUntil(Clock::time_point time) {
  if (time - Clock::now() > kSleepIsLate) std::this_thread::sleep_until(time - kSleepIsLate);
  while (Clock::now() < time) std::this_thread::yield();
}

// A message behind the time at which it arrives.
class Stamped {
 public:
  using Stamp = int64_t;  // nanoseconds of the clock

  explicit Stamped(size_t message_bytes) : buffer_(sizeof(Stamp) + message_bytes) {}
  Stamped(std::span<const uint8_t> message, Clock::time_point arrival) : Stamped(message.size()) {
    const Stamp stamp = nanoseconds(arrival.time_since_epoch()).count();
    std::memcpy(buffer_.data(), &stamp, sizeof(stamp));
    std::copy(message.begin(), message.end(), buffer_.data() + sizeof(stamp));
  }

  std::span<uint8_t> bytes() { return buffer_.span(); }
  std::span<const uint8_t> message() { return bytes().subspan(sizeof(Stamp)); }
  Clock::time_point arrival() const {
    Stamp stamp;
    std::memcpy(&stamp, buffer_.data(), sizeof(stamp));
    return Clock::time_point(nanoseconds(stamp));
  }

 private:
  SecureBuffer buffer_;
};

class SimulatedChannel : public WrappingChannel {
 public:
  SimulatedChannel(std::unique_ptr<Channel> inner, SimulatedLink link)
      : WrappingChannel(std::move(inner)), link_(link) {}

 protected:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    if (!send.empty()) free_ = std::max(free_, Clock::now()) + TimeOf(send.size());
    if (recv.empty()) {
      MPCC_RETURN_IF_ERROR(inner().Send(Stamped(send, Arrival()).bytes()));
    } else {
      MPCC_RETURN_IF_ERROR(Receive(send, recv));
    }
    WaitUntil(free_ - link_.round_trip);
    return absl::OkStatus();
  }

 private:
  nanoseconds TimeOf(size_t bytes) const {
    return nanoseconds(
        static_cast<int64_t>(8e9 * static_cast<double>(bytes) / link_.bits_per_second));
  }

  Clock::time_point Arrival() const { return free_ + link_.round_trip / 2; }

  absl::Status Receive(std::span<const uint8_t> send, std::span<uint8_t> recv) {
    Stamped received(recv.size());
    if (send.empty()) {
      MPCC_RETURN_IF_ERROR(inner().Recv(received.bytes()));
    } else {
      MPCC_RETURN_IF_ERROR(inner().Exchange(Stamped(send, Arrival()).bytes(), received.bytes()));
    }
    WaitUntil(received.arrival());
    std::copy(received.message().begin(), received.message().end(), recv.begin());
    return absl::OkStatus();
  }

  SimulatedLink link_;
  Clock::time_point free_{};  // when all that was sent has left
};

}  // namespace

std::unique_ptr<Channel> MakeSimulatedChannel(std::unique_ptr<Channel> inner, SimulatedLink link) {
  return std::make_unique<SimulatedChannel>(std::move(inner), link);
}

}  // namespace mpcc
