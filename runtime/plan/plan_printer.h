// SPDX-License-Identifier: Apache-2.0
// Plans as text, for people and for tests: the same text for the same plan.
#ifndef MPCC_RUNTIME_PLAN_PLAN_PRINTER_H_
#define MPCC_RUNTIME_PLAN_PLAN_PRINTER_H_

#include <string>

#include "runtime/plan/plan.pb.h"

namespace mpcc {

// In both functions the plan must be valid (plan_validator.h).

// Whose plan it is, what each layer of each program costs, and who learns what.
std::string PlanSummary(const plan::Plan& plan);

// One line a step, for example
//   %7:add<1x16x64,16> = linear %3 streams 4 shared 0    # layer.0
// `=` stands after the wires a step defines, each with its kind, shape and width or type;
// parameters stand in brackets in the order of runtime/plan/opcodes.h, `@n` after a wire is its
// buffer slot.
std::string ProgramText(const plan::Program& program);

// The rows of opcodes.cc as a table in Markdown.
std::string OpcodeTable();

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PLAN_PRINTER_H_
