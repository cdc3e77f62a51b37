// SPDX-License-Identifier: Apache-2.0
// What a program costs, computed from its steps and the cost table. Codegen declares these numbers,
// the validator compares the declared ones with them, and the engine compares what it measures.
#ifndef MPCC_RUNTIME_PLAN_PROGRAM_COST_H_
#define MPCC_RUNTIME_PLAN_PROGRAM_COST_H_

#include <vector>

#include "runtime/plan/plan.pb.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

// In all functions: indices and shapes of `step` must be valid (plan_validator.h checks them).

// The dealt vectors of a step, in the order of its streams, at any party. Empty for opcodes that
// are not dealt.
std::vector<PackedVector> DealtVectorsOf(const plan::Plan& plan, const plan::Program& program,
                                         const plan::Step& step);

// The vectors that an exchange sends: its shared operands, of an INPUT the results. Empty for other
// opcodes.
std::vector<PackedVector> ExchangedVectorsOf(const plan::Program& program, const plan::Step& step);

// Cost of a step without set-up. P0's view has material only: it is not online.
Cost StepCost(const plan::Plan& plan, const plan::Program& program, const plan::Step& step);

struct ProgramCosts {
  std::vector<Cost> layers;  // by Program.layers
  Cost total;
};

// Sums by layer. The set-up bytes of a shared constant count for the layer of its first use in the
// program; Program.material_size equals total.material_bytes.
ProgramCosts CostsOf(const plan::Plan& plan, const plan::Program& program);

// Program.corrections as they follow from the steps: every dealt vector, back to back from offset 0
// (P1: offsets 0).
std::vector<plan::Correction> CorrectionsOf(const plan::Plan& plan, const plan::Program& program);

Cost CostFromProto(const plan::Cost& cost);
plan::Cost CostToProto(const Cost& cost);

// Fills in corrections, layer costs, total cost, material_size: all that follows from the steps.
void DeclareCosts(const plan::Plan& plan, plan::Program* program);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PROGRAM_COST_H_
