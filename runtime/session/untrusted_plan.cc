// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/untrusted_plan.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>

#include "runtime/base/status_macros.h"
#include "runtime/engine/run.h"
#include "runtime/engine/weights.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/plan_printer.h"
#include "runtime/session/bucket.h"

namespace mpcc::session {
namespace {

// Above it a run takes too long to learn anything from.
constexpr uint64_t kMaxBytes = 64 << 10;
// Of a piece of material: many vectors lie across a border.
constexpr uint64_t kFewBytes = 100;

Prg Bytes(uint8_t purpose) {
  const uint8_t key[16] = {purpose};
  return Prg(key);
}

// A peer that takes everything and answers with arbitrary bytes.
class ArbitraryPeer : public Channel {
 public:
  ArbitraryPeer() : Channel("an arbitrary peer") {}

 private:
  absl::Status Transfer(std::span<const uint8_t>, std::span<uint8_t> recv) override {
    bytes_.Fill(stream_++, 0, recv);
    return absl::OkStatus();
  }
  absl::Status SendKeepAlive() override { return absl::OkStatus(); }

  Prg bytes_ = Bytes(1);
  uint32_t stream_ = 0;
};

// Floats of any bits; integers that are often good as ids.
Tensor ArbitraryTensor(const plan::Wire& wire, uint32_t stream) {
  const auto shape = ShapeOf(wire);
  Tensor tensor{{shape.begin(), shape.end()}, {}};
  Prg bytes = Bytes(2);
  std::vector<uint32_t> words(ElementCount(wire));
  bytes.Fill(stream, 0,
             {reinterpret_cast<uint8_t*>(words.data()), words.size() * sizeof(uint32_t)});
  if (wire.type() == plan::F32) {
    auto& values = tensor.values.emplace<std::vector<float>>(words.size());
    std::memcpy(values.data(), words.data(), words.size() * sizeof(float));
  } else {
    auto& values = tensor.values.emplace<std::vector<int64_t>>();
    for (uint32_t word : words) values.push_back(static_cast<int64_t>(word % 6) - 1);
  }
  return tensor;
}

NamedTensors ArbitraryInputs(const plan::Program& program) {
  NamedTensors inputs;
  for (const plan::Step& step : program.steps())
    if (step.opcode() == plan::LOCAL_ARGUMENT)
      inputs[step.name()] = ArbitraryTensor(program.wires(step.outputs(0)), inputs.size());
  return inputs;
}

bool IsSmall(const LoadedPlan& plan, const plan::Program& program, uint64_t constant_bytes) {
  return std::accumulate(program.slot_bytes().begin(), program.slot_bytes().end(),
                         program.material_size() + constant_bytes +
                             engine::SetupBytes(plan.plan())) <= kMaxBytes;
}

absl::Status RunModelOwner(std::shared_ptr<const LoadedPlan> plan, int program) {
  MemoryPieces pieces;
  MPCC_ASSIGN_OR_RETURN(auto prepared, engine::PreparedPlan::ForModelOwner(std::move(plan)));
  engine::DealRun run(std::move(prepared), program);
  return run.Deal(Bytes(3), Bytes(4), pieces, kFewBytes).status();
}

absl::Status RunDataOwner(std::shared_ptr<const LoadedPlan> plan, int program) {
  const NamedTensors inputs = ArbitraryInputs(plan->plan().programs(program));
  FitToBucket(plan->plan(), inputs).IgnoreError();
  MPCC_ASSIGN_OR_RETURN(auto prepared,
                        engine::PreparedPlan::ForDataOwner(std::move(plan), Bytes(5)));
  engine::DataOwnerRun run(std::move(prepared), program);
  MPCC_RETURN_IF_ERROR(run.Begin(inputs));
  ArbitraryPeer peer;
  return run.Finish(Bytes(3), peer).status();
}

absl::Status RunAssistant(std::shared_ptr<const LoadedPlan> plan, int program) {
  const SecureBuffer set_up(engine::SetupBytes(plan->plan()));
  SecureBuffer material(plan->plan().programs(program).material_size());
  Bytes(6).Fill(0, 0, material.span());
  MemoryPieces pieces;
  for (uint64_t done = 0; done < material.size(); done += kFewBytes)
    MPCC_RETURN_IF_ERROR(
        pieces.Put(material.span().subspan(done, std::min(kFewBytes, material.size() - done))));
  MPCC_ASSIGN_OR_RETURN(auto prepared,
                        engine::PreparedPlan::ForAssistant(std::move(plan), set_up.span()));
  engine::AssistantRun run(std::move(prepared), program);
  ArbitraryPeer peer;
  return run.Assist(Bytes(4), peer, pieces).status();
}

}  // namespace

absl::StatusOr<int> RunUntrustedPlan(plan::Plan untrusted, std::span<const uint8_t> constants) {
  MPCC_ASSIGN_OR_RETURN(const auto plan, LoadedPlan::FromMemory(std::move(untrusted), constants));
  constexpr decltype(&RunModelOwner) kRun[] = {RunModelOwner, RunDataOwner, RunAssistant};
  PlanSummary(plan->plan());
  int ran = 0;
  for (int i = 0; i < plan->plan().programs_size(); ++i) {
    const plan::Program& program = plan->plan().programs(i);
    ProgramText(program);
    if (!IsSmall(*plan, program, constants.size())) continue;
    MPCC_RETURN_IF_ERROR(kRun[plan->plan().party()](plan, i));
    ++ran;
  }
  return ran;
}

}  // namespace mpcc::session
