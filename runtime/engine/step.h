// SPDX-License-Identifier: Apache-2.0
// What the code of one opcode may touch while it runs, and the tables of such code.
#ifndef MPCC_RUNTIME_ENGINE_STEP_H_
#define MPCC_RUNTIME_ENGINE_STEP_H_

#include <any>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "mpcc/channel.h"
#include "mpcc/party.h"
#include "mpcc/tensor.h"
#include "runtime/base/ring_vector.h"
#include "runtime/engine/wire_table.h"
#include "runtime/kernels/gemm.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_file.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::engine {

// Weights (P0) or weight shares (P1, P2) by index into Plan.shared_constants.
using WeightTable = std::vector<kernels::PackedMatrix>;

// A step of a program, before anything runs.
struct StepSite {
  const LoadedPlan& plan;
  const plan::Program& program;
  const plan::Step& step;

  const plan::Wire& In(int i) const { return program.wires(static_cast<int>(step.inputs(i))); }
  const plan::Wire& Out(int i = 0) const {
    return program.wires(static_cast<int>(step.outputs(i)));
  }
};

struct StepContext;

// The code of an opcode.
struct StepRow {
  plan::Opcode opcode;
  absl::Status (*run)(StepContext&);
  // What `run` can know before a run, which it asks for as StepContext::State; null for nothing.
  std::any (*prepare)(const StepSite&) = nullptr;
};

// A step with all that can be looked up before a run.
struct PreparedStep {
  const plan::Step* step = nullptr;
  const OpcodeInfo* info = nullptr;
  const StepRow* row = nullptr;
  std::any state;                     // of row->prepare
  std::vector<uint64_t> corrections;  // where each dealt vector's lies in an inference's material
};

// A run of a program as its steps see it; a pointer is null where a party has no such thing.
struct RunContext {
  PartyId self;
  const LoadedPlan& plan;
  const plan::Program& program;
  const WeightTable& weights;
  WireTable& wires;
  protocol::Arena& arena;
  protocol::Crew* crew = nullptr;               // null for a run of one thread
  Prg* k01 = nullptr;                           // P0, P1
  Prg* k02 = nullptr;                           // P0, P2
  Channel* peer = nullptr;                      // P1, P2
  protocol::CorrectionReader* read = nullptr;   // P2: the inference's material
  protocol::CorrectionWriter* dealt = nullptr;  // P0: the same
  const NamedTensors* inputs = nullptr;         // P1
  NamedTensors* outputs = nullptr;              // P1

  protocol::EvalContext Eval() const {
    return {self, self == PartyId::kP1 ? *k01 : *k02, arena, crew};
  }
  protocol::DealContext Deal() const { return {*k01, *k02, arena, crew}; }
  // Bytes of material held beside the sink's or the source's.
  uint64_t MaterialBytes() const {
    return read ? read->held_bytes() : dealt ? dealt->held_bytes() : 0;
  }
  // Whether material came and went as it should.
  absl::Status MaterialStatus() const {
    return read ? read->status() : dealt ? dealt->status() : absl::OkStatus();
  }
};

struct StepContext {
  StepContext(RunContext& run, const PreparedStep& prepared) : run(run), prepared(prepared) {}

  RunContext& run;
  const PreparedStep& prepared;

  const plan::Step& step() const { return *prepared.step; }
  const plan::Wire& In(int i) const {
    return run.program.wires(static_cast<int>(step().inputs(i)));
  }
  const plan::Wire& Out(int i = 0) const {
    return run.program.wires(static_cast<int>(step().outputs(i)));
  }
  // Operands and results in lanes. Of a wire that lies packed they are a copy in the arena, and
  // what is written goes back with PackOutputs: most opcodes need not know.
  ConstRingVector InVector(int i, int component = 0) const;
  RingVector OutVector(int i = 0, int component = 0);
  void PackOutputs() const;
  // The same as they lie. REQUIRES: packed.
  bool IsPacked(uint32_t wire) const { return run.wires.IsPacked(wire); }
  ConstBitVector InBits(int i, int component = 0) const {
    return run.wires.Bits(step().inputs(i), component);
  }
  BitVector OutBits(int i = 0, int component = 0) const {
    return run.wires.Bits(step().outputs(i), component);
  }
  int64_t Int(int i) const { return step().ints(i); }
  ConstRingVector Constant(int i) const { return ConstantOf(run.plan, step().constants(i)); }

  protocol::Rss InRss(int i) const { return {InVector(i, 0), InVector(i, 1)}; }
  protocol::MaskPair InMask(int i) const { return {InVector(i, 0), InVector(i, 1)}; }
  protocol::BitRss InBitRss(int i) const { return {InBits(i, 0), InBits(i, 1)}; }
  protocol::BitMaskPair InBitMask(int i) const { return {InBits(i, 0), InBits(i, 1)}; }
  // A dealt vector at P1 and P2, and at P0.
  protocol::Dealt DealtAt(int i) const {
    return {step().streams(i), run.read, prepared.corrections[i]};
  }
  protocol::DealTarget TargetAt(int i) const {
    return {step().streams(i), run.dealt, prepared.corrections[i]};
  }

  // What the row's `prepare` returned. REQUIRES: it was a T.
  template <typename T>
  const T& State() const {
    return *std::any_cast<T>(&prepared.state);
  }

 private:
  struct LanesOfOutput {
    LanesOfOutput(BitVector bits, RingVector lanes) : bits(bits), lanes(lanes) {}
    BitVector bits;
    RingVector lanes;
  };
  std::vector<LanesOfOutput> lanes_of_outputs_;
};

// Operands and results of a step in one of two forms: in lanes, or as bits that lie packed.
struct LaneForm {
  StepContext& s;
  ConstRingVector In(int i, int component = 0) const { return s.InVector(i, component); }
  RingVector Out(int i = 0, int component = 0) const { return s.OutVector(i, component); }
};
struct BitForm {
  StepContext& s;
  ConstBitVector In(int i, int component = 0) const { return s.InBits(i, component); }
  BitVector Out(int i = 0, int component = 0) const { return s.OutBits(i, component); }
};

// Calls fn with the form, packed or not.
template <typename Fn>
auto WithForm(StepContext& s, bool packed, Fn fn) {
  return packed ? fn(BitForm{s}) : fn(LaneForm{s});
}

// The code of an opcode at a party; null when it has none.
const StepRow* FindStepRow(PartyId party, plan::Opcode opcode);

// One table per file of steps.
std::span<const StepRow> ShareSteps();      // on components, at all parties
std::span<const StepRow> StructureSteps();  // reshapes and the like, on any wire
std::span<const StepRow> OnlineSteps();     // P1, P2: exchanges and dealt operations
std::span<const StepRow> DealSteps();       // P0
std::span<const StepRow> LocalSteps();      // P1, plaintext

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_STEP_H_
