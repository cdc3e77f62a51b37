// SPDX-License-Identifier: Apache-2.0
#include "test/privacy/view_maker.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_macros.h"
#include "runtime/engine/weights.h"
#include "runtime/plan/program_cost.h"

namespace mpcc::privacy {
namespace {

constexpr char kOpened[] = "opened";

// Lanes without the bits above the ring.
std::vector<uint8_t> BitsOfLanes(std::span<const uint8_t> lanes, int width) {
  const auto lane = static_cast<uint64_t>(LaneBytes(width));
  const uint64_t elements = lanes.size() / lane, w = width;
  std::vector<uint8_t> bits((elements * w + 7) / 8);
  for (uint64_t i = 0; i < elements * w; ++i)
    bits[i / 8] |= (lanes[i / w * lane + i % w / 8] >> i % w % 8 & 1) << i % 8;
  return bits;
}

}  // namespace

// A view as it grows.
class ViewMaker::Bits {
 public:
  void Add(std::span<const uint8_t> bytes, uint64_t bits) {
    bytes_.resize((size_ + bits + 7) / 8);
    for (uint64_t i = 0; i < bits; ++i, ++size_)
      bytes_[size_ / 8] |= (bytes[i / 8] >> i % 8 & 1) << size_ % 8;
  }
  std::vector<uint8_t> Take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
  uint64_t size_ = 0;
};

// The viewer's end: keeps what comes, and deviates in what goes.
class ViewMaker::Recorder : public Channel {
 public:
  Recorder(std::unique_ptr<Channel> channel, Deviation deviation)
      : Channel(channel->peer()), channel_(std::move(channel)), deviation_(deviation) {}

  const std::vector<std::vector<uint8_t>>& received() const { return received_; }

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    std::vector<uint8_t> sent(send.begin(), send.end());
    if (deviation_ == Deviation::kShift)
      for (uint8_t& byte : sent) byte += 77;
    if (deviation_ == Deviation::kEcho && !received_.empty() && !received_.back().empty())
      for (size_t i = 0; i < sent.size(); ++i)
        sent[i] = received_.back()[i % received_.back().size()];
    MPCC_RETURN_IF_ERROR(channel_->Exchange(sent, recv));
    if (!recv.empty()) received_.emplace_back(recv.begin(), recv.end());
    return absl::OkStatus();
  }
  absl::Status SendKeepAlive() override { return channel_->KeepAlive(); }

  std::unique_ptr<Channel> channel_;
  Deviation deviation_;
  std::vector<std::vector<uint8_t>> received_;
};

ViewMaker::ViewMaker(Plans plans, int viewer, Deviation deviation)
    : plans_(std::move(plans)), viewer_(viewer), deviation_(deviation) {
  opened_.resize(program().wires_size());
  DescribeParts();
}

bool ViewMaker::Receives(const plan::Step& step) const {
  return step.opcode() == plan::RESHARE || (step.opcode() == plan::INPUT && viewer_ == 2);
}

void ViewMaker::DescribeParts() {
  const plan::Plan& plan = plans_[viewer_]->plan();
  if (viewer_ == 2 && deviation_ != Deviation::kGarbage) {
    for (const plan::SharedConstant& shared : plan.shared_constants())
      parts_.push_back({"weights", ElementCount(ShapeOf(shared)) * shared.width()});
    for (const plan::Step& step : program().steps())
      for (const PackedVector& v : DealtVectorsOf(plan, program(), step))
        parts_.push_back({FindOpcode(step.opcode())->name, v.elements * v.width});
  }
  for (const plan::Step& step : program().steps()) {
    if (!Receives(step)) continue;
    for (const PackedVector& v : ExchangedVectorsOf(program(), step))
      parts_.push_back({FindOpcode(step.opcode())->name, v.elements * v.width, Origin::kMessage});
  }
  for (const plan::Step& step : program().steps())
    if (step.opcode() == plan::RESHARE)
      for (const uint32_t wire : step.outputs()) {
        const plan::Wire& w = program().wires(static_cast<int>(wire));
        parts_.push_back({kOpened, ElementCount(w) * w.width(), Origin::kOpened});
      }
}

// The pair that the viewer belongs to keeps its keys.
Prg ViewMaker::Key(int pair, uint8_t purpose, uint64_t sample) const {
  uint8_t key[Prg::kKeyBytes] = {static_cast<uint8_t>(pair), purpose};
  const uint64_t fresh = pair == viewer_ ? 0 : sample + 1;
  std::memcpy(key + 8, &fresh, sizeof(fresh));
  return Prg(key);
}

absl::StatusOr<std::vector<uint8_t>> ViewMaker::Deal(uint64_t sample, Bits& view) {
  const auto keep = [&](std::span<const uint8_t> bytes, uint64_t bits) {
    if (viewer_ == 2 && deviation_ != Deviation::kGarbage) view.Add(bytes, bits);
  };
  Prg setup = Key(1, 1, sample);
  MemoryPieces pieces;
  MPCC_RETURN_IF_ERROR(engine::DealWeights(*plans_[0], setup, pieces));
  const SecureBuffer weights = pieces.Whole();
  uint64_t at = 0;
  for (const plan::SharedConstant& shared : plans_[2]->plan().shared_constants()) {
    const PackedVector vector{ElementCount(ShapeOf(shared)), static_cast<int>(shared.width())};
    keep(weights.span().subspan(at), vector.elements * vector.width);
    at += vector.Bytes();
  }
  if (!prepared_[0]) {
    MPCC_ASSIGN_OR_RETURN(prepared_[0], engine::PreparedPlan::ForModelOwner(plans_[0]));
  }
  MPCC_ASSIGN_OR_RETURN(prepared_[1],
                        engine::PreparedPlan::ForDataOwner(plans_[1], Key(1, 1, sample)));
  MPCC_ASSIGN_OR_RETURN(prepared_[2],
                        engine::PreparedPlan::ForAssistant(plans_[2], weights.span()));
  MemoryPieces dealt;
  engine::DealRun run(prepared_[0], 0);
  MPCC_RETURN_IF_ERROR(run.Deal(Key(1, 2, sample), Key(2, 2, sample), dealt).status());
  const SecureBuffer whole = dealt.Whole();
  for (const plan::Correction& c : plans_[2]->plan().programs(0).corrections())
    keep(whole.span().subspan(c.offset()), c.elements() * c.width());
  std::vector<uint8_t> material(whole.span().begin(), whole.span().end());
  if (deviation_ == Deviation::kSwap) std::ranges::reverse(material);
  if (deviation_ == Deviation::kGarbage) std::ranges::fill(material, uint8_t{0xA5});
  return material;
}

absl::Status ViewMaker::Evaluate(uint64_t sample, const NamedTensors& inputs,
                                 std::span<const uint8_t> material, Recorder* recorder[2]) {
  engine::DataOwnerRun owner(prepared_[1], 0);
  engine::AssistantRun assistant(prepared_[2], 0);
  const engine::WireObserver observer = [this](uint32_t wire, const plan::Wire& info,
                                               std::span<const uint8_t> m,
                                               std::span<const uint8_t>) {
    if (info.kind() == plan::RSS) opened_[wire] = BitsOfLanes(m, static_cast<int>(info.width()));
  };
  if (viewer_ == 1)
    owner.SetObserver(observer);
  else
    assistant.SetObserver(observer);
  MPCC_RETURN_IF_ERROR(owner.Begin(inputs));
  MemoryPieces pieces;
  MPCC_RETURN_IF_ERROR(pieces.Put(material));
  absl::StatusOr<RunStats> assisted;
  std::thread thread([&] { assisted = assistant.Assist(Key(2, 2, sample), *recorder[1], pieces); });
  const absl::Status owned = owner.Finish(Key(1, 2, sample), *recorder[0]).status();
  thread.join();
  outputs_ = owner.outputs();
  MPCC_RETURN_IF_ERROR(owned);
  return assisted.status();
}

void ViewMaker::Received(const std::vector<std::vector<uint8_t>>& messages, Bits& view) const {
  auto message = messages.begin();
  for (const plan::Step& step : program().steps()) {
    if (step.opcode() == plan::REVEAL && viewer_ == 1) ++message;
    if (!Receives(step)) continue;
    std::span<const uint8_t> rest = *message++;
    for (const PackedVector& v : ExchangedVectorsOf(program(), step)) {
      view.Add(rest, v.elements * v.width);
      rest = rest.subspan(v.Bytes());
    }
  }
  for (const plan::Step& step : program().steps())
    if (step.opcode() == plan::RESHARE)
      for (const uint32_t wire : step.outputs()) {
        const plan::Wire& w = program().wires(static_cast<int>(wire));
        view.Add(opened_[wire], ElementCount(w) * w.width());
      }
}

absl::StatusOr<std::vector<uint8_t>> ViewMaker::View(uint64_t sample, const NamedTensors& inputs) {
  Bits view;
  MPCC_ASSIGN_OR_RETURN(const std::vector<uint8_t> material, Deal(sample, view));
  auto [end1, end2] = MakeMemoryChannelPair();
  const auto at = [&](int party) { return party == viewer_ ? deviation_ : Deviation::kNone; };
  Recorder first(std::move(end1), at(1)), second(std::move(end2), at(2));
  Recorder* both[] = {&first, &second};
  MPCC_RETURN_IF_ERROR(Evaluate(sample, inputs, material, both));
  Received((viewer_ == 1 ? first : second).received(), view);
  return view.Take();
}

}  // namespace mpcc::privacy
