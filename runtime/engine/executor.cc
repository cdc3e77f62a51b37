// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/executor.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/base/status_macros.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::unique_ptr<PreparedProduct> PrepareProduct(const plan::Program& program,
                                                const plan::Step& step) {
  auto product = std::make_unique<PreparedProduct>();
  if (step.ints(0)) product->constant = Shape(step.ints().begin() + 1, step.ints().end());
  product->result = product->constant.value_or(Shape{});
  for (uint32_t wire : step.inputs()) {
    const auto shape = ShapeOf(program.wires(wire));
    product->factors.emplace_back(shape.begin(), shape.end());
    product->result = *BroadcastShape(product->result, shape);
  }
  product->subsets = ProductSubsetShapes(product->factors, product->constant);
  return product;
}

std::vector<PreparedStep> PrepareSteps(const plan::Plan& plan, const plan::Program& program) {
  std::vector<PreparedStep> steps;
  uint64_t offset = 0;
  for (const plan::Step& step : program.steps()) {
    PreparedStep prepared;
    prepared.step = &step;
    prepared.info = FindOpcode(step.opcode());
    prepared.run = FindStepFunction(static_cast<PartyId>(plan.party()), step.opcode());
    for (const PackedVector& vector : DealtVectorsOf(plan, program, step)) {
      prepared.correction_offsets.push_back(offset);
      offset += vector.MaterialBytes();
    }
    if (step.opcode() == plan::PRODUCT) prepared.product = PrepareProduct(program, step);
    steps.push_back(std::move(prepared));
  }
  return steps;
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

}  // namespace

struct Executor::Prepared {
  explicit Prepared(const plan::Plan& plan, const plan::Program& program)
      : steps(PrepareSteps(plan, program)), wires(program) {}
  std::vector<PreparedStep> steps;
  WireTable wires;
};

Executor::Executor(std::shared_ptr<const LoadedPlan> plan, WeightTable weights)
    : plan_(std::move(plan)),
      weights_(std::move(weights)),
      prepared_(plan_->plan().programs_size()) {}

Executor::~Executor() = default;

Executor::Prepared& Executor::PreparedProgram(int program) {
  if (!prepared_[program])
    prepared_[program] = std::make_unique<Prepared>(plan(), plan().programs(program));
  return *prepared_[program];
}

absl::StatusOr<RunStats> Executor::Deal(int program, Prg k01, Prg k02,
                                        std::span<uint8_t> corrections) {
  const plan::Program& info = plan().programs(program);
  if (corrections.size() != info.material_size())
    return absl::InvalidArgumentError("the buffer for corrections has the wrong size");
  RunContext context{PartyId::kP0, *plan_, info, PreparedProgram(program).wires, weights_, arena_};
  context.k01 = &k01;
  context.k02 = &k02;
  context.dealt_corrections = corrections;
  return Run(program, context);
}

absl::Status Executor::CheckInputs(int program, const NamedTensors& inputs) {
  Prepared& prepared = PreparedProgram(program);
  RunContext context{PartyId::kP1,   *plan_,   plan().programs(program),
                     prepared.wires, weights_, arena_};
  context.inputs = &inputs;
  for (const PreparedStep& step : prepared.steps) {
    if (step.info->family == OpcodeFamily::kExchange || step.info->family == OpcodeFamily::kDealt)
      break;
    if (step.step->opcode() == plan::LOCAL_OUTPUT) continue;
    StepContext s{context, step};
    MPCC_RETURN_IF_ERROR(step.run(s));
    arena_.Reset();
  }
  return absl::OkStatus();
}

absl::StatusOr<RunStats> Executor::RunDataOwner(int program, Prg k01, Channel& peer,
                                                const NamedTensors& inputs, NamedTensors* outputs) {
  RunContext context{PartyId::kP1, *plan_, plan().programs(program), PreparedProgram(program).wires,
                     weights_,     arena_};
  context.k01 = &k01;
  context.peer = &peer;
  context.inputs = &inputs;
  context.outputs = outputs;
  return Run(program, context);
}

absl::StatusOr<RunStats> Executor::RunAssistant(int program, Prg k02, Channel& peer,
                                                std::span<const uint8_t> corrections) {
  const plan::Program& info = plan().programs(program);
  if (corrections.size() != info.material_size())
    return absl::InvalidArgumentError(fmt::format("{} bytes of material, the program needs {}",
                                                  corrections.size(), info.material_size()));
  RunContext context{PartyId::kP2, *plan_, info, PreparedProgram(program).wires, weights_, arena_};
  context.k02 = &k02;
  context.peer = &peer;
  context.corrections = corrections;
  return Run(program, context);
}

absl::StatusOr<RunStats> Executor::Run(int program, RunContext& context) {
  Prepared& prepared = PreparedProgram(program);
  RunStats stats;
  stats.layers.resize(context.program.layers_size());
  stats.seconds_by_layer.resize(context.program.layers_size());
  for (size_t i = 0; i < prepared.steps.size(); ++i) {
    absl::Status status = RunStep(prepared, i, context, &stats);
    if (!status.ok())
      return absl::Status(status.code(),
                          fmt::format("step {} ({}): {}", i, prepared.steps[i].info->name,
                                      std::string(status.message())));
  }
  for (const Cost& cost : stats.layers) stats.total += cost;
  if (self() != PartyId::kP0) MPCC_RETURN_IF_ERROR(CompareWithPlan(context.program, stats));
  stats.total.material_bytes = self() == PartyId::kP1 ? 0 : context.program.material_size();
  return stats;
}

absl::Status Executor::RunStep(const Prepared& prepared, size_t index, RunContext& context,
                               RunStats* stats) {
  const PreparedStep& step = prepared.steps[index];
  const bool exchanges = step.info->family == OpcodeFamily::kExchange;
  const ChannelStats before = exchanges ? context.peer->stats() : ChannelStats{};
  const Clock::time_point start = Clock::now();
  StepContext s{context, step};
  MPCC_RETURN_IF_ERROR(step.run(s));
  arena_.Reset();
  const double seconds = SecondsSince(start);
  const uint32_t layer = step.step->layer();
  if (exchanges) {
    stats->layers[layer] += MeasuredCost(self(), context.peer->stats() - before);
    stats->exchange_seconds += seconds;
  }
  stats->seconds += seconds;
  stats->seconds_by_layer[layer] += seconds;
  stats->seconds_by_opcode[step.info->name] += seconds;
  if (observer_) Observe(step, context);
  return absl::OkStatus();
}

void Executor::Observe(const PreparedStep& step, RunContext& context) {
  for (uint32_t wire : step.step->outputs()) {
    const plan::Wire& info = context.program.wires(wire);
    const uint64_t bytes = ElementCount(info) * ElementBytes(info.type(), info.width());
    const bool two = Components(info.kind()) == 2;
    observer_(wire, info, {context.wires.Data(wire, 0), bytes},
              two ? std::span<const uint8_t>(context.wires.Data(wire, 1), bytes)
                  : std::span<const uint8_t>());
  }
}

}  // namespace mpcc
