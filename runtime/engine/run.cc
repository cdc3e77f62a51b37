// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "runtime/base/status_macros.h"
#include "runtime/kernels/packed_bits.h"
#include "runtime/plan/program_cost.h"

namespace mpcc::engine {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The channel's view of a step as a cost: P1 sends what P2 receives.
Cost MeasuredCost(PartyId self, const ChannelStats& stats) {
  Cost cost;
  const bool p1 = self == PartyId::kP1;
  cost.messages_p1_to_p2 = p1 ? stats.messages_sent : stats.messages_received;
  cost.messages_p2_to_p1 = p1 ? stats.messages_received : stats.messages_sent;
  cost.bytes_p1_to_p2 = p1 ? stats.bytes_sent : stats.bytes_received;
  cost.bytes_p2_to_p1 = p1 ? stats.bytes_received : stats.bytes_sent;
  cost.rounds = cost.messages_p1_to_p2 + cost.messages_p2_to_p1 > 0;
  return cost;
}

absl::Status CompareWithPlan(const plan::Program& program, const RunStats& stats) {
  for (int i = 0; i < program.layers_size(); ++i) {
    Cost predicted = CostFromProto(program.layers(i).cost()), measured = stats.layers[i];
    predicted.material_bytes = predicted.setup_bytes = 0;
    if (predicted != measured)
      return absl::InternalError(fmt::format(
          "layer {} ({}) took {} rounds and {} + {} bytes, the plan predicts {} and {} + {}", i,
          program.layers(i).name(), measured.rounds, measured.bytes_p1_to_p2,
          measured.bytes_p2_to_p1, predicted.rounds, predicted.bytes_p1_to_p2,
          predicted.bytes_p2_to_p1));
  }
  return absl::OkStatus();
}

// Steps before the first that needs another party.
size_t PrologueOf(std::span<const PreparedStep> steps) {
  size_t count = 0;
  while (count < steps.size() && steps[count].info->family != OpcodeFamily::kExchange &&
         steps[count].info->family != OpcodeFamily::kDealt)
    ++count;
  return count;
}

}  // namespace

Run::Run(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers)
    : plan_(std::move(plan)), program_(program), wires_(plan_->loaded(), plan_->program(program)) {
  if (workers && workers->threads() > 1) crew_.emplace(std::move(workers));
}

RunContext Run::Context(Prg* k01, Prg* k02) {
  RunContext context{plan_->self(), plan_->loaded(), program(), plan_->weights(), wires_, arena_};
  context.k01 = k01;
  context.k02 = k02;
  if (crew_) {
    crew_->TakeKeys(k01, k02);
    context.crew = &*crew_;
  }
  return context;
}

void Run::Restart() {
  stats_ = {};
  layers_told_ = 0;
  stats_.layers.resize(program().layers_size());
  stats_.seconds_by_layer.resize(program().layers_size());
  stats_.exchange_seconds_by_layer.resize(program().layers_size());
}

absl::Status Run::Execute(RunContext& context, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    const absl::Status status = RunStep(context, steps()[i]);
    if (!status.ok())
      return absl::Status(status.code(), fmt::format("step {} ({}): {}", i, steps()[i].info->name,
                                                     std::string(status.message())));
  }
  return absl::OkStatus();
}

absl::StatusOr<RunStats> Run::Measured(double material_seconds) const {
  RunStats stats = stats_;
  stats.material_seconds = material_seconds;
  for (const Cost& cost : stats.layers) stats.total += cost;
  if (plan_->self() != PartyId::kP0) MPCC_RETURN_IF_ERROR(CompareWithPlan(program(), stats));
  stats.total.material_bytes = plan_->self() == PartyId::kP1 ? 0 : program().material_size();
  return stats;
}

absl::Status Run::RunStep(RunContext& context, const PreparedStep& step) {
  TellLayer(step.step->layer());
  const bool exchanges = step.info->family == OpcodeFamily::kExchange;
  const ChannelStats before = exchanges ? context.peer->stats() : ChannelStats{};
  const double before_seconds = exchanges ? context.peer->seconds() : 0;
  const Clock::time_point start = Clock::now();
  StepContext s{context, step};
  absl::Status status = step.row->run(s);
  s.PackOutputs();
  status.Update(context.MaterialStatus());
  stats_.held_bytes =
      std::max(stats_.held_bytes, wires_.bytes() + arena_.held_bytes() +
                                      (crew_ ? crew_->held_bytes() : 0) + context.MaterialBytes());
  arena_.Reset();
  if (crew_) crew_->ResetArenas();
  MPCC_RETURN_IF_ERROR(status);
  const double seconds = SecondsSince(start);
  const uint32_t layer = step.step->layer();
  if (exchanges) {
    stats_.layers[layer] += MeasuredCost(context.self, context.peer->stats() - before);
  }
  const double moved = exchanges ? context.peer->seconds() - before_seconds : 0;
  stats_.exchange_seconds += moved;
  stats_.exchange_seconds_by_layer[layer] += moved;
  stats_.seconds += seconds;
  stats_.seconds_by_layer[layer] += seconds;
  stats_.seconds_by_opcode[step.info->name] += seconds - moved;
  if (observer_) Observe(step);
  return absl::OkStatus();
}

// Steps of two layers may alternate: the later one counts.
void Run::TellLayer(uint32_t layer) {
  if (!on_layer_ || layer < layers_told_) return;
  layers_told_ = layer + 1;
  on_layer_(layer);
}

void Run::Observe(const PreparedStep& step) {
  for (uint32_t wire : step.step->outputs()) {
    SecureBuffer lanes[2];
    std::span<const uint8_t> bytes[2];
    for (int c = 0; c < 2; ++c) {
      const ConstBitVector bits = wires_.Bits(wire, c);
      lanes[c] = SecureBuffer(bits.size());
      if (!bits.empty()) kernels::Unpack(bits, {lanes[c].span(), 1});
      bytes[c] = bits.empty() ? wires_.Read(wire, c).bytes() : lanes[c].span();
    }
    observer_(wire, program().wires(static_cast<int>(wire)), bytes[0], bytes[1]);
  }
}

absl::StatusOr<RunStats> DealRun::Deal(Prg k01, Prg k02, PieceSink& corrections,
                                       uint64_t piece_bytes) {
  protocol::CorrectionWriter writer(corrections, piece_bytes);
  RunContext context = Context(&k01, &k02);
  context.dealt = &writer;
  Restart();
  MPCC_RETURN_IF_ERROR(Execute(context, 0, steps().size()));
  const double waited = writer.waiting_seconds();  // during the steps
  MPCC_RETURN_IF_ERROR(writer.Finish(program().material_size()));
  return Measured(waited);
}

DataOwnerRun::DataOwnerRun(PreparedPlan::Ptr plan, int program, std::shared_ptr<Workers> workers)
    : Run(std::move(plan), program, std::move(workers)), prologue_(PrologueOf(steps())) {}

absl::Status DataOwnerRun::Begin(const NamedTensors& inputs) {
  RunContext context = Context();
  context.inputs = &inputs;
  outputs_.clear();
  context.outputs = &outputs_;
  begun_ = false;
  Restart();
  MPCC_RETURN_IF_ERROR(Execute(context, 0, prologue_));
  begun_ = true;
  return absl::OkStatus();
}

absl::StatusOr<RunStats> DataOwnerRun::Finish(Prg k01, Channel& peer) {
  if (!std::exchange(begun_, false))
    return absl::FailedPreconditionError("an inference needs inputs first");
  RunContext context = Context(&k01);
  context.peer = &peer;
  context.outputs = &outputs_;
  MPCC_RETURN_IF_ERROR(Execute(context, prologue_, steps().size()));
  return Measured(0);
}

absl::StatusOr<RunStats> AssistantRun::Assist(Prg k02, Channel& peer, PieceSource& corrections) {
  protocol::CorrectionReader reader(corrections);
  RunContext context = Context(nullptr, &k02);
  context.peer = &peer;
  context.read = &reader;
  Restart();
  MPCC_RETURN_IF_ERROR(Execute(context, 0, steps().size()));
  return Measured(reader.waiting_seconds());
}

}  // namespace mpcc::engine
