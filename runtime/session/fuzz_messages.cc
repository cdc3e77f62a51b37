// SPDX-License-Identifier: Apache-2.0
// What a peer may send: frames of a handshake, then of control messages and pieces; then it closes
// the connection or is silent. Why the session ended is told to another peer, as parties do. The
// first byte says into how many bytes the stream is cut, whether the peer ends in silence, and
// whether the handshake is left out. Needs no corpus: begins with what a good peer sends.
#include <poll.h>

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
using mpcc::session::MayComeBack;

constexpr uint8_t kWithoutHandshake = 0x80;
// Of the other bits: silence takes time, so few are it.
constexpr uint8_t kCut = 0x7F, kSilent = 0x7F;
constexpr mpcc::WaitOptions kWait{.spin = std::chrono::microseconds(0),
                                  .peer_timeout = std::chrono::milliseconds(1)};

// Gives the input in cuts of at most so many bytes, and takes everything until that has ended.
class InputStream : public mpcc::ByteStream {
 public:
  InputStream(std::span<const uint8_t> input, size_t cut, bool silent)
      : input_(input), cut_(cut), silent_(silent) {}

  mpcc::IoResult TryWrite(std::span<const uint8_t> head, std::span<const uint8_t> body) override {
    if (input_.empty() && !silent_) return Closed();
    return {head.size() + body.size(), 0, {}};
  }
  mpcc::IoResult TryRead(std::span<uint8_t> head, std::span<uint8_t> body) override {
    if (input_.empty()) return silent_ ? mpcc::IoResult{0, POLLIN, {}} : Closed();
    size_t moved = 0;
    for (const std::span<uint8_t> to : {head, body}) {
      const size_t bytes = std::min({to.size(), input_.size(), cut_ - moved});
      std::copy_n(input_.begin(), bytes, to.begin());
      input_ = input_.subspan(bytes);
      moved += bytes;
    }
    return {moved, 0, {}};
  }
  bool Ended() override { return input_.empty() && !silent_; }
  int fd() const override { return -1; }

 private:
  static mpcc::IoResult Closed() { return {0, 0, absl::UnavailableError("closed the connection")}; }

  std::span<const uint8_t> input_;
  size_t cut_;
  bool silent_;
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
  absl::Status SendKeepAlive() override {
    frames_.append(4, 0);
    return absl::OkStatus();
  }

  std::string frames_;
};

std::string GoodInput(unsigned seed) {
  FrameWriter writer;
  const bool greets = seed % 4 != 0;
  if (greets)
    mpcc::Handshake(writer, Greeting(mpcc::PartyId::kP0, mpcc::PartyId::kP2)).IgnoreError();
  for (const ControlKind kind :
       {ControlKind::kDealt, ControlKind::kPiece, ControlKind::kDone, ControlKind::kSetUp,
        ControlKind::kReady, ControlKind::kFailed, ControlKind::kEnd}) {
    if (kind == ControlKind::kDone) writer.KeepAlive().IgnoreError();
    Control control{.kind = kind, .program = seed % 3, .number = seed, .bytes = 100};
    std::strcpy(control.text, "disk full: /home/x\x1b[1m\xc3");
    mpcc::session::SendControl(writer, control).IgnoreError();
    if (kind == ControlKind::kPiece || kind == ControlKind::kSetUp)
      writer.Send(std::vector<uint8_t>(control.bytes, 5)).IgnoreError();
  }
  const uint8_t cut = seed % 8 == 1 ? kSilent : 63;
  return std::string(1, static_cast<char>(cut | (greets ? 0 : kWithoutHandshake))) +
         writer.frames();
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

// As P2 takes corrections of weights.
absl::Status TakeWeights(mpcc::Channel& channel, uint64_t bytes) {
  std::vector<uint8_t> weights(bytes);
  uint64_t received = 0;
  absl::Status taken =
      mpcc::session::ReceivePieces(channel, weights, [&](uint64_t done) { received = done; });
  if (taken.ok() && received != bytes) __builtin_trap();
  return taken;
}

absl::Status Answer(mpcc::Channel& channel, const Control& control) {
  switch (control.kind) {
    case ControlKind::kPing:
      return channel.KeepAlive();
    case ControlKind::kDealt:
      return control.bytes < 1000 ? TakePieces(channel, control.bytes) : absl::OkStatus();
    case ControlKind::kSetUp:
      return control.bytes < 1000 ? TakeWeights(channel, control.bytes) : absl::OkStatus();
    case ControlKind::kReady:
      CheckText(ReceiveControl(channel, ControlKind::kRun).status());
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

absl::Status Listen(mpcc::Channel& channel) {
  while (true) {
    const auto control = mpcc::session::ReceiveControl(channel);
    if (!control.ok()) return control.status();
    if (absl::Status answered = Answer(channel, *control); !answered.ok()) return answered;
  }
}

// The other peer hears of it as a failure, in one line, and whether this party may come back.
void Tell(const absl::Status& why) {
  FrameWriter writer;
  mpcc::session::SendFailure(writer, why);
  const std::string& frames = writer.frames();
  mpcc::StreamChannel other(
      "party P1",
      std::make_unique<InputStream>(
          std::span(reinterpret_cast<const uint8_t*>(frames.data()), frames.size()), frames.size(),
          false),
      {});
  const absl::Status heard = mpcc::session::ReceiveControl(other).status();
  CheckText(heard);
  if (!absl::IsUnavailable(heard) || MayComeBack(heard) != MayComeBack(why)) __builtin_trap();
}

void End(const absl::Status& why) {
  CheckText(why);
  Tell(why);
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
  const uint8_t cut = data[0] & kCut;
  mpcc::StreamChannel channel(
      "party P0",
      std::make_unique<InputStream>(std::span(data + 1, size - 1), 1 + cut, cut == kSilent), kWait);
  if (!(data[0] & kWithoutHandshake)) {
    const auto standing =
        mpcc::Handshake(channel, Greeting(mpcc::PartyId::kP2, mpcc::PartyId::kP0));
    if (!standing.ok()) return End(standing.status()), 0;
  }
  End(Listen(channel));
  return 0;
}
