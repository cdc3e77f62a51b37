// SPDX-License-Identifier: Apache-2.0
// Internal to shape_rules*.cc: a step with its operands, and the checks that rules are made of.
#ifndef MPCC_RUNTIME_PLAN_SHAPE_RULE_H_
#define MPCC_RUNTIME_PLAN_SHAPE_RULE_H_

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <initializer_list>
#include <span>
#include <string>

#include "runtime/plan/layout.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/shape_rules.h"
#include "runtime/protocol/cost.h"

namespace mpcc::shape_rules {

using Problem = std::string;  // empty when all is well

// A step and its operands.
struct Operands {
  const plan::Plan& plan;
  const plan::Program& program;
  const plan::Step& step;

  const plan::Wire& In(int i) const { return program.wires(step.inputs(i)); }
  const plan::Wire& Out(int i = 0) const { return program.wires(step.outputs(i)); }
  bool AtDealer() const { return plan.party() == 0; }
  int64_t Int(int i) const { return step.ints(i); }
  Shape InShape(int i) const { return Copy(In(i)); }
  static Shape Copy(const plan::Wire& wire) { return {wire.shape().begin(), wire.shape().end()}; }
};

inline std::string Text(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, "x")); }

inline Problem Check(bool good, const char* rule) { return good ? "" : rule; }

// The first problem of several.
inline Problem First(std::initializer_list<Problem> problems) {
  for (const Problem& problem : problems)
    if (!problem.empty()) return problem;
  return "";
}

inline Problem KindIs(const Operands& o, const plan::Wire& wire, plan::WireKind kind) {
  const plan::WireKind expected = o.AtDealer() ? plan::MASK : kind;
  if (wire.kind() == expected) return "";
  return fmt::format("an operand is {}, {} is needed", plan::WireKind_Name(wire.kind()),
                     plan::WireKind_Name(expected));
}

inline Problem RingIs(const plan::Wire& wire, uint32_t width) {
  if (wire.type() == plan::RING && wire.width() == width) return "";
  return fmt::format("an operand has width {}, {} is needed", wire.width(), width);
}

inline Problem ShapeIs(const plan::Wire& wire, const Shape& shape) {
  const Shape found = Operands::Copy(wire);
  if (found == shape) return "";
  return fmt::format("an operand has shape {}, {} is needed", Text(found), Text(shape));
}

// Same kind, type and width.
inline Problem Alike(const plan::Wire& a, const plan::Wire& b) {
  return Check(a.kind() == b.kind() && a.type() == b.type() && a.width() == b.width(),
               "operand and result differ in kind, type or width");
}

inline Problem SecretOrMask(const plan::Wire& wire) {
  return Check(wire.kind() != plan::LOCAL, "a local wire where shares are needed");
}

inline Problem SameSharing(const Operands& o, const plan::Wire& a, plan::WireKind from,
                           const plan::Wire& b, plan::WireKind to) {
  return First(
      {KindIs(o, a, from), KindIs(o, b, to), RingIs(a, b.width()), ShapeIs(b, Operands::Copy(a))});
}

// Rules that shares and plaintext have in common; defined in shape_rules.cc.
Problem SameTensor(const Operands& o);
Problem Reshape(const Operands& o);
Problem Transpose(const Operands& o);
Problem Slice(const Operands& o);
Problem Concat(const Operands& o);

// Of a dealt step: its result, where it has one, and at P0 what bounds its material.
Problem ResultIs(const Operands& o, const DealtResult& result);

// Constant `i` of the step has this width and shape.
Problem ConstantIs(const Operands& o, int i, uint32_t width, const Shape& shape);

struct Row {
  plan::Opcode opcode;
  Problem (*check)(const Operands&);
  DealtResult (*result)(const Operands&) = nullptr;  // of dealt opcodes
};
std::span<const Row> BitRules();    // of the opcodes that read bits
std::span<const Row> LocalRules();  // of the LOCAL_* opcodes

}  // namespace mpcc::shape_rules

#endif  // MPCC_RUNTIME_PLAN_SHAPE_RULE_H_
