// SPDX-License-Identifier: Apache-2.0
// What a peer may send: frames of a handshake, then of control messages and pieces. The first byte
// says into how many bytes the stream is cut, and whether the handshake is left out. Needs no
// corpus: begins with what a good peer sends.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

#include "runtime/net/handshake.h"
#include "runtime/net/stream_channel.h"
#include "runtime/session/control.h"
#include "runtime/session/piece_transfer.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using mpcc::session::Control;
using mpcc::session::ControlKind;

constexpr uint8_t kWithoutHandshake = 0x80;

// Gives the input in cuts of at most so many bytes, and takes everything.
class InputStream : public mpcc::ByteStream {
 public:
  InputStream(std::span<const uint8_t> input, size_t cut) : input_(input), cut_(cut) {}

  mpcc::IoResult TryWrite(std::span<const uint8_t> head, std::span<const uint8_t> body) override {
    return {head.size() + body.size(), 0, {}};
  }
  mpcc::IoResult TryRead(std::span<uint8_t> head, std::span<uint8_t> body) override {
    if (input_.empty()) return {0, 0, absl::UnavailableError("closed the connection")};
    size_t moved = 0;
    for (const std::span<uint8_t> to : {head, body}) {
      const size_t bytes = std::min({to.size(), input_.size(), cut_ - moved});
      std::copy_n(input_.begin(), bytes, to.begin());
      input_ = input_.subspan(bytes);
      moved += bytes;
    }
    return {moved, 0, {}};
  }
  bool Ended() override { return input_.empty(); }
  int fd() const override { return -1; }

 private:
  std::span<const uint8_t> input_;
  size_t cut_;
};

mpcc::HandshakeInfo Greeting(mpcc::PartyId self, mpcc::PartyId peer) {
  mpcc::HandshakeInfo info{self, peer, {}, "serve"};
  info.plan_set_id.fill(7);
  return info;
}

// What people are shown is one line of printable letters.
void CheckText(const absl::Status& status) {
  for (const unsigned char c : status.message())
    if (std::iscntrl(c)) __builtin_trap();
}

// Keeps what is sent, in frames.
class FrameWriter : public mpcc::Channel {
 public:
  FrameWriter() : Channel("nobody") {}
  const std::string& frames() const { return frames_; }

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    for (int i = 0; i < 4; ++i) frames_ += static_cast<char>(send.size() >> (8 * i));
    frames_.append(send.begin(), send.end());
    std::ranges::fill(recv, uint8_t{0});
    return absl::OkStatus();
  }
  absl::Status SendKeepAlive() override { return absl::OkStatus(); }

  std::string frames_;
};

std::string GoodInput(unsigned seed) {
  FrameWriter writer;
  const bool greets = seed % 4 != 0;
  if (greets)
    mpcc::Handshake(writer, Greeting(mpcc::PartyId::kP0, mpcc::PartyId::kP2)).IgnoreError();
  for (const ControlKind kind : {ControlKind::kDealt, ControlKind::kPiece, ControlKind::kDone,
                                 ControlKind::kReady, ControlKind::kFailed, ControlKind::kEnd}) {
    Control control{.kind = kind, .program = seed % 3, .number = seed, .bytes = 100};
    std::strcpy(control.text, "disk full: /home/x\x1b[1m\xc3");
    mpcc::session::SendControl(writer, control).IgnoreError();
    if (kind == ControlKind::kPiece)
      writer.Send(std::vector<uint8_t>(control.bytes, 5)).IgnoreError();
  }
  return std::string(1, static_cast<char>(greets ? 63 : 63 | kWithoutHandshake)) + writer.frames();
}

// As P2 takes material from P0.
absl::Status TakePieces(mpcc::Channel& channel, uint64_t bytes) {
  mpcc::session::PieceRequests requests(channel, bytes);
  std::vector<uint8_t> room(mpcc::kPieceBytes);
  while (!requests.done()) {
    while (requests.may_ask())
      if (absl::Status asked = requests.Ask(); !asked.ok()) return asked;
    if (auto size = requests.Receive(room); !size.ok()) return size.status();
  }
  return requests.Finish().status();
}

absl::Status Listen(mpcc::Channel& channel) {
  while (true) {
    const auto control = mpcc::session::ReceiveControl(channel);
    if (!control.ok()) return control.status();
    if (control->kind == ControlKind::kDealt && control->bytes < 1000)
      if (absl::Status taken = TakePieces(channel, control->bytes); !taken.ok()) return taken;
    if (control->kind == ControlKind::kReady)
      CheckText(UnexpectedControl(channel, *control, ControlKind::kRun));
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (size < 2) {
    const std::string good = GoodInput(seed);
    if (good.size() > max_size) return size;
    std::memcpy(data, good.data(), good.size());
    return good.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  mpcc::StreamChannel channel(
      "party P0", std::make_unique<InputStream>(std::span(data + 1, size - 1), 1 + data[0] % 128),
      {});
  if (!(data[0] & kWithoutHandshake)) {
    const auto standing =
        mpcc::Handshake(channel, Greeting(mpcc::PartyId::kP2, mpcc::PartyId::kP0));
    CheckText(standing.status());
    if (!standing.ok()) return 0;
  }
  CheckText(Listen(channel));
  return 0;
}
