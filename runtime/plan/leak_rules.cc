// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/leak_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/leak_kinds.h"
#include "runtime/plan/opcodes.h"

namespace mpcc {
namespace {

// Steps whose results are P1's input, at P1 and at P2.
bool BringsInput(const plan::Step& step, uint32_t party) {
  if (party == 1) return step.opcode() == plan::LOCAL_ARGUMENT;
  return step.opcode() == plan::INPUT || step.opcode() == plan::INPUT_LOCAL;
}

// A product with zero, or a difference of a wire with itself, depends on nothing.
bool IsZero(const plan::Program& program, const plan::Step& step) {
  if (step.opcode() == plan::MUL_PUBLIC) {
    const auto width = static_cast<int>(program.wires(step.outputs(0)).width());
    return Reduce(static_cast<uint64_t>(step.ints(0)), width) == 0;
  }
  return step.opcode() == plan::SUB_SHARES && step.inputs(0) == step.inputs(1);
}

// P1's own computation, which may refuse an input: what is no number, an index beyond its table.
bool IsPlaintext(const plan::Step& step) {
  return step.opcode() == plan::LOCAL_ARGUMENT || step.opcode() == plan::LOCAL_PLAIN ||
         step.opcode() == plan::LOCAL_ENCODE;
}

bool NeedsOthers(const plan::Step& step) {
  const OpcodeFamily family = FindOpcode(step.opcode())->family;
  return family == OpcodeFamily::kExchange || family == OpcodeFamily::kDealt;
}

bool DisclosesCoins(const plan::Plan& plan) {
  return std::any_of(plan.disclosures().begin(), plan.disclosures().end(),
                     [&](const plan::Disclosure& disclosure) {
                       return disclosure.party() == plan.party() &&
                              disclosure.leak() == kRoundingCoins;
                     });
}

class LeakRules {
 public:
  LeakRules(const plan::Plan& plan, const plan::Program& program)
      : party_(plan.party()),
        discloses_coins_(DisclosesCoins(plan)),
        program_(program),
        depends_(program.wires_size()),
        revealed_(program.wires_size()),
        returned_(program.wires_size()) {}

  absl::Status Check() {
    for (int i = 0; i < program_.steps_size(); ++i)
      if (std::string problem = CheckStep(program_.steps(i)); !problem.empty())
        return absl::InvalidArgumentError(fmt::format("step {}: {}", i, problem));
    for (size_t wire = 0; wire < revealed_.size(); ++wire)
      if (revealed_[wire] && !returned_[wire])
        return absl::InvalidArgumentError(
            fmt::format("wire {} is revealed but is no output", wire));
    return absl::OkStatus();
  }

 private:
  // Empty when all is well, else what is wrong.
  std::string CheckStep(const plan::Step& step) {
    if (RoundsAtRandom(program_, step) && !discloses_coins_)
      return fmt::format("it rounds at random, and no disclosure of '{}' says so", kRoundingCoins);
    if (begun_ && IsPlaintext(step))
      return "it may refuse an input, and P2 would see when: it belongs before the first message";
    begun_ = begun_ || NeedsOthers(step);
    const bool output = step.opcode() == plan::LOCAL_OUTPUT;
    const bool follows = output || step.opcode() == plan::LOCAL_DECODE;
    for (uint32_t wire : step.inputs()) {
      if (revealed_[wire] && !follows) return "it computes with a revealed value";
      returned_[wire] = returned_[wire] || follows;
    }
    if (output && !names_.insert(step.name()).second) return "its output has another's name";
    if (step.opcode() == plan::REVEAL)
      for (uint32_t wire : step.inputs())
        if (!depends_[wire]) return "it reveals what does not depend on the input of P1";
    const bool reveals = step.opcode() == plan::REVEAL ||
                         (step.opcode() == plan::LOCAL_DECODE && revealed_[step.inputs(0)]);
    for (uint32_t wire : step.outputs()) revealed_[wire] = reveals;
    Propagate(step);
    return "";
  }

  // An exchange takes its vectors one by one, every other step computes with all of its inputs.
  void Propagate(const plan::Step& step) {
    const bool one_by_one = step.inputs_size() == step.outputs_size();
    const bool any = std::any_of(step.inputs().begin(), step.inputs().end(),
                                 [&](uint32_t wire) { return depends_[wire]; });
    for (int i = 0; i < step.outputs_size(); ++i)
      depends_[step.outputs(i)] =
          BringsInput(step, party_) ||
          (!IsZero(program_, step) && (one_by_one ? depends_[step.inputs(i)] : any));
  }

  uint32_t party_;
  bool discloses_coins_;
  bool begun_ = false;  // others take part
  const plan::Program& program_;
  std::vector<bool> depends_, revealed_, returned_;  // by wire
  std::set<std::string> names_;                      // of outputs
};

std::vector<std::string> OutputsOf(const plan::Program& program) {
  std::vector<std::string> names;
  for (const plan::Step& step : program.steps())
    if (step.opcode() == plan::LOCAL_OUTPUT) names.push_back(step.name());
  return names;
}

}  // namespace

bool RoundsAtRandom(const plan::Program& program, const plan::Step& step) {
  switch (step.opcode()) {
    case plan::EXTRACT:
      return program.wires(step.outputs(0)).width() < program.wires(step.inputs(0)).width();
    case plan::LUT:  // a window above other bits
      return step.ints(1) > 0;
    default:
      return false;
  }
}

absl::Status CheckLeakRules(const plan::Plan& plan, const plan::Program& program) {
  return plan.party() == 0 ? absl::OkStatus() : LeakRules(plan, program).Check();
}

absl::Status CheckSameOutputs(const plan::Plan& plan) {
  for (const plan::Program& program : plan.programs())
    if (OutputsOf(program) != OutputsOf(plan.programs(0)))
      return absl::InvalidArgumentError(
          fmt::format("the program of {} tokens has other outputs than that of {}",
                      program.sequence_length(), plan.programs(0).sequence_length()));
  return absl::OkStatus();
}

}  // namespace mpcc
