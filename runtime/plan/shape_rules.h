// SPDX-License-Identifier: Apache-2.0
// Which shapes, widths, kinds and parameters each opcode accepts. opcodes.cc states the rules in
// words.
#ifndef MPCC_RUNTIME_PLAN_SHAPE_RULES_H_
#define MPCC_RUNTIME_PLAN_SHAPE_RULES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/plan/plan.pb.h"
#include "runtime/protocol/cost.h"

namespace mpcc {

// Empty when type, width and shape make a tensor of acceptable size, else what is wrong.
std::string TensorProblem(plan::ElementType type, uint32_t width, std::span<const uint32_t> shape);

// Empty when the step's operands fit together, else what is wrong. REQUIRES: arity and indices are
// valid.
std::string ShapeProblem(const plan::Plan& plan, const plan::Program& program,
                         const plan::Step& step);

// What a dealt step results in, at P0 too, where it has no result wire.
struct DealtResult {
  uint32_t width = 0;
  Shape shape;
  int index_bits = 0;                   // of a tabulated opcode, as in runtime/protocol/cost.h
  std::vector<PackedVector> vectors{};  // if not those that the cost table's row says
};
// REQUIRES: a dealt step without a ShapeProblem.
DealtResult DealtResultOf(const plan::Plan& plan, const plan::Program& program,
                          const plan::Step& step);

// What the rules' tables have, for the test that none is forgotten.
bool HasShapeRule(plan::Opcode opcode);
bool HasDealtResult(plan::Opcode opcode);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_SHAPE_RULES_H_
