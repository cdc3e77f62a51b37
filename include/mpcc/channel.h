// SPDX-License-Identifier: Apache-2.0
// A two-way connection to one other party that carries messages of lengths both ends know.
#ifndef MPCC_CHANNEL_H_
#define MPCC_CHANNEL_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "mpcc/export.h"

namespace mpcc {

// Payload only: frame headers and TLS records are not counted.
struct MPCC_EXPORT ChannelStats {
  uint64_t messages_sent = 0;
  uint64_t bytes_sent = 0;
  uint64_t messages_received = 0;
  uint64_t bytes_received = 0;

  bool operator==(const ChannelStats&) const = default;
  // What happened after `earlier` was taken.
  ChannelStats operator-(const ChannelStats& earlier) const;
};

// Messages arrive whole, in order, once. An empty span is no message: nothing is sent, awaited or
// counted. A message has at most kMaxMessageBytes.
//
// Errors name the peer. UNAVAILABLE: the peer closed, reset, or was silent for too long.
// DATA_LOSS: it sent a message of another length than the plan says. The first error is final:
// the channel returns it from every later call.
//
// One thread at a time may use a channel; its peer may be anywhere.
class MPCC_EXPORT Channel {
 public:
  static constexpr uint64_t kMaxMessageBytes = 0xFFFFFFFF;

  explicit Channel(std::string peer) : peer_(std::move(peer)) {}
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Returns when the system has taken the message. Two ends that Send more than the system buffers
  // at the same time wait for each other: a round uses Exchange.
  absl::Status Send(std::span<const uint8_t> message) { return Exchange(message, {}); }

  // Fills `message`, whose size must be the size of the message the peer sends.
  absl::Status Recv(std::span<uint8_t> message) { return Exchange({}, message); }

  // One round: sends and receives at once, whatever the sizes. The spans must not overlap.
  absl::Status Exchange(std::span<const uint8_t> send, std::span<uint8_t> recv);

  // Tells the peer, who waits for a message, that this party is there and waits for somebody else:
  // the peer's patience begins anew. No message, not counted. To be called every two seconds or so.
  absl::Status KeepAlive();

  const ChannelStats& stats() const { return stats_; }
  // Spent so far in sending, receiving and waiting for messages.
  double seconds() const { return seconds_; }

  // For messages to people: "party P2 (127.0.0.1:9102)".
  const std::string& peer() const { return peer_; }

 protected:
  // Moves both messages; either span may be empty. The error's text names the peer.
  virtual absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) = 0;

  // Nothing is to be done where the peer's channel never gives up.
  virtual absl::Status SendKeepAlive() = 0;

 private:
  std::string peer_;
  ChannelStats stats_;
  double seconds_ = 0;
  absl::Status failure_;
};

// DATA_LOSS for a message of `got` bytes where `wanted` were expected.
MPCC_EXPORT absl::Status WrongLengthError(const std::string& peer, uint64_t got, uint64_t wanted);

}  // namespace mpcc

#endif  // MPCC_CHANNEL_H_
