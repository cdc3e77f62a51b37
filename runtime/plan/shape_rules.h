// SPDX-License-Identifier: Apache-2.0
// Which shapes, widths, kinds and parameters each opcode accepts. opcodes.h states the rules in
// words.
#ifndef MPCC_RUNTIME_PLAN_SHAPE_RULES_H_
#define MPCC_RUNTIME_PLAN_SHAPE_RULES_H_

#include <cstdint>
#include <span>
#include <string>

#include "runtime/plan/plan.pb.h"

namespace mpcc {

// Empty when type, width and shape make a tensor of acceptable size, else what is wrong.
std::string TensorProblem(plan::ElementType type, uint32_t width, std::span<const uint32_t> shape);

// Empty when the step's operands fit together, else what is wrong. REQUIRES: arity and indices are
// valid.
std::string ShapeProblem(const plan::Plan& plan, const plan::Program& program,
                         const plan::Step& step);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_SHAPE_RULES_H_
