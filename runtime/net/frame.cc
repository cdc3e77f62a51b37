// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mpcc/channel.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/waiter.h"

namespace mpcc {
namespace {

constexpr size_t kHeaderBytes = 4;

// A frame on its way: a header and a body, of which `moved` bytes are through.
template <typename Byte>
struct Frame {
  explicit Frame(std::span<Byte> bytes, bool is_there = true)
      : body(bytes), there(is_there || !bytes.empty()) {
    for (size_t i = 0; i < kHeaderBytes; ++i) header[i] = uint8_t(bytes.size() >> (8 * i));
  }
  size_t size() const { return there ? kHeaderBytes + body.size() : 0; }
  bool done() const { return moved == size(); }
  std::span<uint8_t> RestOfHeader() {
    return std::span<uint8_t>(header).subspan(std::min(moved, kHeaderBytes));
  }
  std::span<Byte> RestOfBody() const { return body.subspan(moved - std::min(moved, kHeaderBytes)); }
  uint32_t Length() const {
    return header[0] | header[1] << 8 | header[2] << 16 | uint32_t{header[3]} << 24;
  }

  // Empty frames that have come whole; what is behind them begins the next one. One pass: a peer
  // may send as many as the body has room for.
  void DropEmpties() {
    if (moved < kHeaderBytes || Length() != 0) return;
    const auto behind = body.first(moved - kHeaderBytes);
    size_t empty = 0;
    while (empty + kHeaderBytes <= behind.size() &&
           std::ranges::all_of(behind.subspan(empty, kHeaderBytes), [](auto b) { return b == 0; }))
      empty += kHeaderBytes;
    const auto next = behind.subspan(empty);
    const size_t of_header = std::min(next.size(), kHeaderBytes);
    std::copy_n(next.begin(), of_header, header.begin());
    std::copy(next.begin() + of_header, next.end(), body.begin());
    moved = next.size();
  }

  std::span<Byte> body;
  bool there;  // else nothing is moved
  std::array<uint8_t, kHeaderBytes> header;
  size_t moved = 0;
};

// One exchange under way.
class FrameTransfer {
 public:
  FrameTransfer(const FramePeer& peer, std::span<const uint8_t> send, std::span<uint8_t> recv)
      : peer_(peer), out_(send, false), in_(recv, false) {}
  // Of an empty frame.
  explicit FrameTransfer(const FramePeer& peer)
      : peer_(peer), out_(std::span<const uint8_t>()), in_(std::span<uint8_t>(), false) {}

  absl::Status Run() {
    Waiter waiter(peer_.stream.fd(), peer_.wait,
                  peer_.manners == Manners::kStranger ? Patience::kWhole : Patience::kSilence);
    while (Sending() || !in_.done()) {
      const size_t before = out_.moved + read_;
      short wants = 0;
      if (Sending()) MPCC_RETURN_IF_ERROR(Write(wants));
      if (!in_.done()) MPCC_RETURN_IF_ERROR(Read(wants));
      const bool moved = out_.moved + read_ != before;
      if (moved) waiter.Progress();
      if (moved ? waiter.over() : wants != 0 && !waiter.Wait(wants)) return TooSlow();
    }
    return absl::OkStatus();
  }

 private:
  absl::Status TooSlow() const {
    const char* const what = peer_.manners == Manners::kStranger && read_ > 0
                                 ? "did not introduce itself in"
                                 : "was silent for";
    return Explain(
        absl::UnavailableError(fmt::format("{} {} ms", what, peer_.wait.peer_timeout.count())));
  }

  bool Sending() const { return !out_.done() || peer_.stream.unsent(); }

  absl::Status Write(short& wants) {
    IoResult result = peer_.stream.TryWrite(out_.RestOfHeader(), out_.RestOfBody());
    if (!result.status.ok()) {
      // A peer that refuses us says why before it closes: prefer what it said.
      if (!in_.done()) MPCC_RETURN_IF_ERROR(Read(wants));
      return Explain(result.status);
    }
    out_.moved += result.bytes;
    wants |= result.wants;
    return absl::OkStatus();
  }

  absl::Status Read(short& wants) {
    IoResult result = peer_.stream.TryRead(in_.RestOfHeader(), in_.RestOfBody());
    if (!result.status.ok()) return Explain(result.status);
    const bool had_header = in_.moved >= kHeaderBytes;
    in_.moved += result.bytes;
    read_ += result.bytes;
    wants |= result.wants;
    if (peer_.manners == Manners::kPeer && !had_header) in_.DropEmpties();
    if (!had_header && in_.moved >= kHeaderBytes && in_.Length() != in_.body.size()) {
      return WrongLengthError(peer_.name, in_.Length(), in_.body.size());
    }
    return absl::OkStatus();
  }

  absl::Status Explain(const absl::Status& status) const {
    const size_t got = in_.moved - std::min(in_.moved, kHeaderBytes);
    const std::string progress =
        in_.done() ? fmt::format("before it took a message of {} bytes", out_.body.size())
                   : fmt::format("after {} of {} bytes of its message", got, in_.body.size());
    return absl::Status(status.code(), fmt::format("{} {} {}: see its log", peer_.name,
                                                   std::string(status.message()), progress));
  }

  const FramePeer& peer_;
  Frame<const uint8_t> out_;
  Frame<uint8_t> in_;
  size_t read_ = 0;  // with empty frames
};

}  // namespace

absl::Status TransferFrames(const FramePeer& peer, std::span<const uint8_t> send,
                            std::span<uint8_t> recv) {
  return FrameTransfer(peer, send, recv).Run();
}

absl::Status SendEmptyFrame(const FramePeer& peer) { return FrameTransfer(peer).Run(); }

}  // namespace mpcc
