// SPDX-License-Identifier: Apache-2.0
// What the code of one opcode may touch while it runs.
#ifndef MPCC_RUNTIME_ENGINE_STEP_CONTEXT_H_
#define MPCC_RUNTIME_ENGINE_STEP_CONTEXT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "runtime/base/party.h"
#include "runtime/base/ring.h"
#include "runtime/engine/tensor.h"
#include "runtime/engine/wire_table.h"
#include "runtime/net/channel.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_file.h"
#include "runtime/protocol/linear.h"
#include "runtime/protocol/matmul.h"
#include "runtime/protocol/product.h"

namespace mpcc {

// Weights (P0) or weight shares (P1, P2) by index into Plan.shared_constants.
using WeightTable = std::vector<std::unique_ptr<const WeightMatrix>>;

// One run of a program.
struct RunContext {
  PartyId self;
  const LoadedPlan& plan;
  const plan::Program& program;
  WireTable& wires;
  const WeightTable& weights;
  Arena& arena;
  Prg* k01 = nullptr;                      // P0, P1
  Prg* k02 = nullptr;                      // P0, P2
  Channel* peer = nullptr;                 // P1, P2
  std::span<const uint8_t> corrections{};  // P2: read
  std::span<uint8_t> dealt_corrections{};  // P0: written
  const NamedTensors* inputs = nullptr;    // P1
  NamedTensors* outputs = nullptr;         // P1

  EvalContext Eval() const { return {self, self == PartyId::kP1 ? *k01 : *k02, arena}; }
  DealContext Deal() const { return {*k01, *k02, arena}; }
};

// A product's shapes, computed once.
struct PreparedProduct {
  std::vector<Shape> factors;
  std::vector<Shape> subsets;
  std::optional<Shape> constant;
  Shape result;
};

struct StepContext;

// A step with all that can be looked up before a run.
struct PreparedStep {
  const plan::Step* step = nullptr;
  const OpcodeInfo* info = nullptr;
  absl::Status (*run)(StepContext&) = nullptr;
  std::vector<uint64_t> correction_offsets;  // one per dealt vector
  std::unique_ptr<PreparedProduct> product;
};

struct StepContext {
  RunContext& run;
  const PreparedStep& prepared;

  const plan::Step& step() const { return *prepared.step; }
  const plan::Wire& In(int i) const { return run.program.wires(step().inputs(i)); }
  const plan::Wire& Out(int i = 0) const { return run.program.wires(step().outputs(i)); }
  uint8_t* InData(int i, int component = 0) const {
    return run.wires.Data(step().inputs(i), component);
  }
  uint8_t* OutData(int i = 0, int component = 0) const {
    return run.wires.Data(step().outputs(i), component);
  }
  int64_t Int(int i) const { return step().ints(i); }
  const uint8_t* Constant(int i) const { return run.plan.Constant(step().constants(i)).data(); }

  Rss InRss(int i) const { return {InData(i, 0), InData(i, 1)}; }
  MaskPair InMask(int i) const { return {InData(i, 0), InData(i, 1)}; }
  Dealt DealtAt(int i) const {
    return {step().streams(i), run.self == PartyId::kP2
                                   ? run.corrections.data() + prepared.correction_offsets[i]
                                   : nullptr};
  }
  uint8_t* CorrectionAt(int i) const {
    return run.dealt_corrections.data() + prepared.correction_offsets[i];
  }
};

using StepFunction = absl::Status (*)(StepContext&);

// The code of an opcode at a party; null when it has none.
StepFunction FindStepFunction(PartyId party, plan::Opcode opcode);

// One table per file of steps.
struct StepRow {
  plan::Opcode opcode;
  StepFunction run;
};
std::span<const StepRow> ShareSteps();      // on components, at all parties
std::span<const StepRow> StructureSteps();  // reshapes and the like, on any wire
std::span<const StepRow> OnlineSteps();     // P1, P2: exchanges and dealt operations
std::span<const StepRow> DealSteps();       // P0
std::span<const StepRow> LocalSteps();      // P1, plaintext

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_STEP_CONTEXT_H_
