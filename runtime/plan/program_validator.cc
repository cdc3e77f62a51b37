// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/program_validator.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "runtime/base/input_role.h"
#include "runtime/base/status_macros.h"
#include "runtime/plain/operators.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/leak_rules.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_validator.h"
#include "runtime/plan/program_cost.h"
#include "runtime/plan/shape_rules.h"

namespace mpcc {
namespace {

// Empty when all is well, else what is wrong.
using Problem = std::string;

bool KindAllowed(uint32_t party, const plan::Wire& wire) {
  switch (wire.kind()) {
    case plan::ADD:
    case plan::RSS:
      return party != 0 && wire.type() == plan::RING;
    case plan::MASK:
      return party == 0 && wire.type() == plan::RING;
    case plan::LOCAL:
      return party == 1;
    default:
      return false;
  }
}

bool IsPlainReshape(const plan::Step& step) {
  static const int kReshape = plain::FindOperator("reshape");
  return step.opcode() == plan::LOCAL_PLAIN && step.ints(0) == kReshape;
}

class ProgramValidator {
 public:
  ProgramValidator(const plan::Plan& plan, const plan::Program& program)
      : plan_(plan), program_(program), free_from_(program.slot_bytes_size(), 0) {}

  absl::Status Run() {
    MPCC_RETURN_IF_ERROR(CheckWires());
    MPCC_RETURN_IF_ERROR(FindLastUses());
    for (int i = 0; i < program_.steps_size(); ++i)
      if (Problem problem = CheckStep(i); !problem.empty()) return AtStep(i, problem);
    for (size_t i = 0; i < defined_.size(); ++i)
      if (!defined_[i])
        return absl::InvalidArgumentError(fmt::format("wire {} is never defined", i));
    MPCC_RETURN_IF_ERROR(CheckSlots());
    MPCC_RETURN_IF_ERROR(CheckArguments());
    MPCC_RETURN_IF_ERROR(CheckDeclarations());
    return CheckLeakRules(plan_, program_);
  }

 private:
  absl::Status AtStep(int i, const Problem& problem) const {
    const OpcodeInfo* info = FindOpcode(program_.steps(i).opcode());
    return absl::InvalidArgumentError(
        fmt::format("step {} ({}): {}", i, info ? info->name : "unknown", problem));
  }

  absl::Status CheckWires() {
    for (int i = 0; i < program_.wires_size(); ++i)
      if (Problem problem = WireProblem(program_.wires(i)); !problem.empty())
        return absl::InvalidArgumentError(fmt::format("wire {}: {}", i, problem));
    return absl::OkStatus();
  }

  // None is larger than its wires: a plan takes no more memory than it has use for.
  absl::Status CheckSlots() const {
    std::vector<uint64_t> needed(program_.slot_bytes_size(), 0);
    for (const plan::Wire& wire : program_.wires())
      needed[wire.slot()] = std::max(needed[wire.slot()], WireBytes(wire));
    for (int i = 0; i < program_.slot_bytes_size(); ++i)
      if (program_.slot_bytes(i) != needed[i])
        return absl::InvalidArgumentError(fmt::format("slot {} has {} bytes, its wires need {}", i,
                                                      program_.slot_bytes(i), needed[i]));
    return absl::OkStatus();
  }

  // Inputs are told apart by their names; ids alone say how many tokens there are.
  absl::Status CheckArguments() const {
    std::set<std::string> names;
    int ids = 0;
    for (int i = 0; i < program_.steps_size(); ++i) {
      const plan::Step& step = program_.steps(i);
      if (step.opcode() != plan::LOCAL_ARGUMENT) continue;
      if (!names.insert(step.name()).second) return AtStep(i, "its name is another argument's");
      if (step.ints(0) != static_cast<int64_t>(InputRole::kIds)) continue;
      if (++ids > 1) return AtStep(i, "a second argument of token ids");
      const uint32_t length = program_.sequence_length();
      if (length > 0 && ElementCount(program_.wires(step.outputs(0))) != length)
        return AtStep(i, fmt::format("its ids are not those of {} tokens", length));
    }
    if (program_.exact_length() && ids == 0 && plan_.party() == 1)
      return absl::InvalidArgumentError("an exact length without token ids");
    return absl::OkStatus();
  }

  Problem WireProblem(const plan::Wire& wire) const {
    if (Problem problem = TensorProblem(wire.type(), wire.width(), ShapeOf(wire)); !problem.empty())
      return problem;
    if (!KindAllowed(plan_.party(), wire))
      return fmt::format("kind {} of type {} does not occur at party {}",
                         plan::WireKind_Name(wire.kind()), plan::ElementType_Name(wire.type()),
                         plan_.party());
    if (wire.slot() >= static_cast<uint32_t>(program_.slot_bytes_size()))
      return fmt::format("slot {} does not exist, there are {}", wire.slot(),
                         program_.slot_bytes_size());
    if (WireBytes(wire) > program_.slot_bytes(wire.slot()))
      return fmt::format("it needs {} bytes, slot {} has {}", WireBytes(wire), wire.slot(),
                         program_.slot_bytes(wire.slot()));
    return "";
  }

  // Also proves that every wire number in a step exists.
  absl::Status FindLastUses() {
    last_use_.assign(program_.wires_size(), 0);
    defined_.assign(program_.wires_size(), false);
    const auto exists = [&](uint32_t w) {
      return w < static_cast<uint32_t>(program_.wires_size());
    };
    for (int i = 0; i < program_.steps_size(); ++i) {
      const plan::Step& step = program_.steps(i);
      for (const auto* wires : {&step.inputs(), &step.outputs()})
        for (uint32_t wire : *wires) {
          if (!exists(wire)) return AtStep(i, fmt::format("wire {} does not exist", wire));
          last_use_[wire] = i;
        }
    }
    return absl::OkStatus();
  }

  Problem CheckStep(int i) {
    const plan::Step& step = program_.steps(i);
    const OpcodeInfo* info = FindOpcode(step.opcode());
    if (!info) return fmt::format("opcode {} is unknown", static_cast<int>(step.opcode()));
    if (Problem problem = ArityProblem(*info, step); !problem.empty()) return problem;
    if (Problem problem = IndexProblem(step); !problem.empty()) return problem;
    for (uint32_t wire : step.inputs())
      if (!defined_[wire]) return fmt::format("wire {} is used before it is defined", wire);
    if (Problem problem = ShapeProblem(plan_, program_, step); !problem.empty()) return problem;
    for (uint32_t wire : step.outputs())
      if (Problem problem = Define(i, wire); !problem.empty()) return problem;
    if (Problem problem = SizeProblem(step); !problem.empty()) return problem;
    return StreamProblem(step);
  }

  // Keeps every sum of sizes far below 64 bits, and every message within what a channel carries.
  Problem SizeProblem(const plan::Step& step) {
    constexpr uint64_t kMaxMessageBytes = UINT32_MAX;
    uint64_t message = 0;
    for (const PackedVector& vector : ExchangedVectorsOf(program_, step)) {
      message += vector.Bytes();
      if (message > kMaxMessageBytes) return "its message has more than 4 GiB";
    }
    for (const PackedVector& vector : DealtVectorsOf(plan_, program_, step)) {
      material_bytes_ += vector.MaterialBytes();
      if (material_bytes_ > kMaxMaterialBytes) return "the material is too large";
    }
    return "";
  }

  Problem ArityProblem(const OpcodeInfo& info, const plan::Step& step) const {
    const Arity& arity = info.at[plan_.party()];
    if (arity.inputs == kNotHere) return fmt::format("it does not run at party {}", plan_.party());
    struct Count {
      const char* what;
      int found;
      int rule;
    };
    const Count counts[] = {{"inputs", step.inputs_size(), arity.inputs},
                            {"outputs", step.outputs_size(), arity.outputs},
                            {"parameters", step.ints_size(), info.ints},
                            {"streams", step.streams_size(), arity.streams},
                            {"constants", step.constants_size(), arity.constants},
                            {"shared constants", step.shared_size(), arity.shared}};
    for (const Count& count : counts)
      if (!CountFits(count.rule, count.found, step))
        return fmt::format("it has {} {}", count.found, count.what);
    return "";
  }

  bool CountFits(int rule, int found, const plan::Step& step) const {
    switch (rule) {
      case kSomeOrMore:
        return found >= 1;
      case kAnyNumber:
        return true;
      case kAsOutputs:
        return found == step.outputs_size();
      case kAsInputs:
        return found == step.inputs_size();
      case kSubsets:
        return step.inputs_size() <= kMaxProductFactors &&
               found == (1 << step.inputs_size()) - (step.ints(0) ? 0 : 1);
      case kOneOrTwo:
        return found == 1 || found == 2;
      case kHasConstant:
        return found == (step.ints(0) ? 1 : 0);
      case kRank:
        return found == program_.wires(step.inputs(0)).shape_size();
      case kProductInts:
        return found >= 1 && (step.ints(0) ? found >= 2 && found <= 1 + kMaxRank : found == 1);
      default:
        return found == rule;
    }
  }

  Problem IndexProblem(const plan::Step& step) const {
    for (uint32_t index : step.constants())
      if (index >= static_cast<uint32_t>(plan_.constants_size()))
        return fmt::format("constant {} does not exist", index);
    for (uint32_t index : step.shared())
      if (index >= static_cast<uint32_t>(plan_.shared_constants_size()))
        return fmt::format("shared constant {} does not exist", index);
    if (step.layer() >= static_cast<uint32_t>(program_.layers_size()))
      return fmt::format("layer {} does not exist", step.layer());
    return "";
  }

  // A slot is taken until the step of its wire's last use; only a reshape, or a sum with a public
  // number, may put its result where its input ends.
  Problem Define(int i, uint32_t wire) {
    if (defined_[wire]) return fmt::format("wire {} is defined twice", wire);
    defined_[wire] = true;
    const plan::Step& step = program_.steps(i);
    const uint32_t slot = program_.wires(wire).slot();
    const bool may =
        step.opcode() == plan::RESHAPE || step.opcode() == plan::ADD_PUBLIC || IsPlainReshape(step);
    const bool in_place =
        may && program_.wires(step.inputs(0)).slot() == slot && last_use_[step.inputs(0)] == i;
    if (free_from_[slot] > i && !in_place)
      return fmt::format("wire {} shares slot {} with a wire that is used until step {}", wire,
                         slot, free_from_[slot] - 1);
    free_from_[slot] = last_use_[wire] + 1;
    return "";
  }

  Problem StreamProblem(const plan::Step& step) {
    for (uint32_t stream : step.streams())
      if (!streams_.insert(stream).second) return fmt::format("stream {} is used twice", stream);
    return "";
  }

  absl::Status CheckDeclarations() const {
    const ProgramCosts costs = CostsOf(plan_, program_);
    if (CostFromProto(program_.cost()) != costs.total ||
        program_.material_size() != costs.total.material_bytes)
      return absl::InvalidArgumentError("the declared cost is not that of the steps");
    for (size_t i = 0; i < costs.layers.size(); ++i)
      if (CostFromProto(program_.layers(i).cost()) != costs.layers[i])
        return absl::InvalidArgumentError(
            fmt::format("the declared cost of layer {} ({}) is not that of its steps", i,
                        program_.layers(i).name()));
    return CheckCorrections();
  }

  absl::Status CheckCorrections() const {
    const std::vector<plan::Correction> expected = CorrectionsOf(plan_, program_);
    if (static_cast<int>(expected.size()) != program_.corrections_size())
      return absl::InvalidArgumentError(fmt::format("{} corrections declared, the steps need {}",
                                                    program_.corrections_size(), expected.size()));
    for (size_t i = 0; i < expected.size(); ++i)
      if (!google::protobuf::util::MessageDifferencer::Equals(expected[i], program_.corrections(i)))
        return absl::InvalidArgumentError(
            fmt::format("correction {} is not the one that the steps need there", i));
    return absl::OkStatus();
  }

  const plan::Plan& plan_;
  const plan::Program& program_;
  std::vector<int> last_use_;
  std::vector<bool> defined_;
  std::vector<int> free_from_;  // by slot: the first step that may define a wire there
  std::set<uint32_t> streams_;
  uint64_t material_bytes_ = 0;
};

}  // namespace

absl::Status ValidateProgram(const plan::Plan& plan, const plan::Program& program) {
  return ProgramValidator(plan, program).Run();
}

}  // namespace mpcc
