// SPDX-License-Identifier: Apache-2.0
// Builds the three plans of a small program by hand, for tests of everything that reads plans.
#ifndef MPCC_RUNTIME_PLAN_TEST_PLANS_H_
#define MPCC_RUNTIME_PLAN_TEST_PLANS_H_

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/leak_kinds.h"
#include "runtime/plan/leak_rules.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {

// One value at all parties: its wire number in each program, -1 where it does not exist.
struct TestValue {
  std::array<int, 3> wire{-1, -1, -1};
};

class TestPlans {
 public:
  explicit TestPlans(uint32_t sequence_length = 0) {
    for (int party = 0; party < 3; ++party) {
      plans_[party].set_party(party);
      plans_[party].set_set_id(std::string(32, 's'));
      plans_[party].set_producer("test");
      plans_[party].add_programs()->set_sequence_length(sequence_length);
    }
    Layer("first");
  }

  void Layer(const std::string& name) {
    for (plan::Plan& plan : plans_) plan.mutable_programs(0)->add_layers()->set_name(name);
  }

  struct Out {
    plan::WireKind kind;
    uint32_t width;  // 0 for F32 and I64
    std::vector<uint32_t> shape;
    plan::ElementType type = plan::RING;
  };
  struct Extra {
    std::vector<int64_t> ints{};
    int streams = 0;
    std::array<std::vector<uint32_t>, 3> constants{};
    std::vector<uint32_t> shared{};
    std::string name{};
    double real = 0;
  };

  // Adds the operation to the programs of all parties that take part in it.
  std::vector<TestValue> Emit(plan::Opcode opcode, const std::vector<TestValue>& inputs,
                              const std::vector<Out>& outs, const Extra& extra) {
    const OpcodeInfo& info = *FindOpcode(opcode);
    std::vector<TestValue> results(outs.size());
    std::vector<uint32_t> streams(extra.streams);
    for (uint32_t& stream : streams) stream = next_stream_++;
    for (int party = 0; party < 3; ++party) {
      const bool dealt = info.family == OpcodeFamily::kDealt;
      if (info.at[party].inputs == kNotHere) continue;
      if (party == 0 && !AllAt(inputs, 0)) continue;
      plan::Step* step = NewStep(party, opcode, extra);
      for (uint32_t stream : streams) step->add_streams(stream);
      for (uint32_t constant : extra.constants[party]) step->add_constants(constant);
      for (const TestValue& input : inputs)
        if (input.wire[party] >= 0) step->add_inputs(input.wire[party]);
      for (size_t i = 0; i < outs.size(); ++i) {
        if ((party == 0 && dealt) || (outs[i].kind == plan::LOCAL && party != 1)) continue;
        results[i].wire[party] = AddWire(party, outs[i]);
        step->add_outputs(results[i].wire[party]);
      }
    }
    if (opcode == plan::INPUT || opcode == plan::RESHARE)
      DrawMasks(opcode, outs, streams, &results);
    return results;
  }

  TestValue Emit1(plan::Opcode opcode, const std::vector<TestValue>& inputs, const Out& out,
                  const Extra& extra) {
    return Emit(opcode, inputs, {out}, extra)[0];
  }

  uint32_t RingConstant(int party, uint32_t width, const std::vector<uint32_t>& shape,
                        const std::vector<uint64_t>& values) {
    std::vector<uint8_t> bytes(values.size() * LaneBytes(static_cast<int>(width)));
    for (size_t i = 0; i < values.size(); ++i) {
      const uint64_t value = Reduce(values[i], static_cast<int>(width));
      std::memcpy(&bytes[i * LaneBytes(static_cast<int>(width))], &value,
                  LaneBytes(static_cast<int>(width)));
    }
    return sections_[party].Add(&plans_[party], plan::RING, width, shape, bytes);
  }
  template <typename T>
  uint32_t LocalConstant(const std::vector<uint32_t>& shape, const std::vector<T>& values) {
    return sections_[1].Add(
        &plans_[1], sizeof(T) == 4 ? plan::F32 : plan::I64, 0, shape,
        {reinterpret_cast<const uint8_t*>(values.data()), values.size() * sizeof(T)});
  }
  // A private weight; returns its index in shared_constants.
  uint32_t Weight(uint32_t width, const std::vector<uint32_t>& shape,
                  const std::vector<uint64_t>& values) {
    const uint32_t constant = RingConstant(0, width, shape, values);
    for (int party = 0; party < 3; ++party) {
      plan::SharedConstant* shared = plans_[party].add_shared_constants();
      shared->set_stream(plans_[party].shared_constants_size());
      shared->set_width(width);
      shared->mutable_shape()->Add(shape.begin(), shape.end());
      if (party == 0) shared->set_constant(constant);
    }
    return plans_[0].shared_constants_size() - 1;
  }

  plan::Plan& plan(int party) { return plans_[party]; }
  std::span<const uint8_t> constants(int party) const { return sections_[party].bytes(); }

  // Declares all costs and what rounds at random; call once, before the plans are read.
  void Finish() {
    for (plan::Plan& plan : plans_) {
      DeclareCosts(plan, plan.mutable_programs(0));
      DiscloseCoins(plan);
    }
  }
  absl::StatusOr<std::shared_ptr<const LoadedPlan>> Load(int party) const {
    return LoadedPlan::FromMemory(plans_[party], sections_[party].bytes());
  }

 private:
  static void DiscloseCoins(plan::Plan& plan) {
    const plan::Program& program = plan.programs(0);
    if (std::none_of(program.steps().begin(), program.steps().end(),
                     [&](const plan::Step& step) { return RoundsAtRandom(program, step); }))
      return;
    plan::Disclosure* coins = plan.add_disclosures();
    coins->set_party(plan.party());
    coins->set_leak(kRoundingCoins);
  }

  static bool AllAt(const std::vector<TestValue>& values, int party) {
    for (const TestValue& value : values)
      if (value.wire[party] < 0) return false;
    return true;
  }

  plan::Program& program(int party) { return *plans_[party].mutable_programs(0); }

  plan::Step* NewStep(int party, plan::Opcode opcode, const Extra& extra) {
    plan::Step* step = program(party).add_steps();
    step->set_opcode(opcode);
    for (int64_t value : extra.ints) step->add_ints(value);
    for (uint32_t index : extra.shared) step->add_shared(index);
    step->set_name(extra.name);
    step->set_real(extra.real);
    step->set_layer(program(party).layers_size() - 1);
    return step;
  }

  // Every wire has a slot of its own.
  int AddWire(int party, const Out& out) {
    plan::Wire* wire = program(party).add_wires();
    wire->set_kind(party == 0 ? plan::MASK : out.kind);
    wire->set_type(out.type);
    wire->set_width(out.width);
    wire->mutable_shape()->Add(out.shape.begin(), out.shape.end());
    wire->set_slot(program(party).slot_bytes_size());
    program(party).add_slot_bytes(WireBytes(*wire));
    return program(party).wires_size() - 1;
  }

  void DrawMasks(plan::Opcode opcode, const std::vector<Out>& outs,
                 const std::vector<uint32_t>& streams, std::vector<TestValue>* results) {
    for (size_t i = 0; i < outs.size(); ++i) {
      plan::Step* step = NewStep(0, plan::DRAW_MASK, {});
      step->add_ints(opcode == plan::INPUT);
      step->add_streams(streams[i]);
      (*results)[i].wire[0] = AddWire(0, outs[i]);
      step->add_outputs((*results)[i].wire[0]);
    }
  }

  std::array<plan::Plan, 3> plans_;
  std::array<ConstantSection, 3> sections_;
  uint32_t next_stream_ = 1;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_TEST_PLANS_H_
