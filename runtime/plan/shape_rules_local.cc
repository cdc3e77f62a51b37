// SPDX-License-Identifier: Apache-2.0
// Shape rules of the plaintext opcodes.
#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "runtime/base/input_role.h"
#include "runtime/base/ring.h"
#include "runtime/plain/operators.h"
#include "runtime/plan/shape_rule.h"

namespace mpcc::shape_rules {
namespace {

Problem Plain(const plan::Wire& wire) {
  return Check(wire.type() != plan::RING, "a ring tensor where f32 or i64 is needed");
}

// Whoever reads a plan prints its names.
Problem NameIsShown(const plan::Step& step) {
  const bool controls =
      std::ranges::any_of(step.name(), [](unsigned char c) { return absl::ascii_iscntrl(c); });
  return First({Check(!step.name().empty(), "it has no name"),
                Check(!controls, "its name has control characters")});
}

Problem LocalArgument(const Operands& o) {
  constexpr int64_t kMostPadding = INT32_MAX;
  const int64_t role = o.Int(0);
  const bool whole = role == static_cast<int64_t>(InputRole::kIds) ||
                     role == static_cast<int64_t>(InputRole::kTypes) ||
                     role == static_cast<int64_t>(InputRole::kPositions);
  return First({Plain(o.Out()), NameIsShown(o.step),
                Check(role >= 0 && role < static_cast<int64_t>(InputRole::kCount),
                      "the role does not exist"),
                Check(!whole || o.Out().type() == plan::I64, "ids, types or positions not of i64"),
                Check(o.Int(1) >= -kMostPadding && o.Int(1) <= kMostPadding,
                      "the padding is out of range")});
}

Problem LocalConstant(const Operands& o) {
  const plan::Constant& constant = o.plan.constants(o.step.constants(0));
  const Shape shape(constant.shape().begin(), constant.shape().end());
  return First({Check(constant.type() == o.Out().type() && constant.width() == o.Out().width(),
                      "the constant has another type"),
                ShapeIs(o.Out(), shape)});
}

plain::Form FormOf(const plan::Wire& wire) {
  return {wire.type() == plan::F32 ? plain::Type::kF32 : plain::Type::kI64,
          {wire.shape().begin(), wire.shape().end()}};
}

Problem LocalPlain(const Operands& o) {
  std::vector<plain::Form> operands;
  for (int i = 0; i < o.step.inputs_size(); ++i) {
    if (Problem problem = Plain(o.In(i)); !problem.empty()) return problem;
    operands.push_back(FormOf(o.In(i)));
  }
  if (Problem problem = Plain(o.Out()); !problem.empty()) return problem;
  if (o.Int(0) < 0 || o.Int(0) >= static_cast<int64_t>(plain::Operators().size()))
    return "the operator is unknown";
  const std::span<const int64_t> ints(o.step.ints().data() + 1, o.step.ints_size() - 1);
  const auto result = plain::Infer(static_cast<int>(o.Int(0)), {operands, ints, o.step.real()});
  if (!result.ok()) return std::string(result.status().message());
  return Check(*result == FormOf(o.Out()), "the result has another type or shape");
}

Problem FractionBits(const Operands& o) {
  return Check(o.Int(0) >= -kMaxRingBits && o.Int(0) <= kMaxRingBits,
               "fraction_bits is out of range");
}

Problem LocalEncode(const Operands& o) {
  return First({Plain(o.In(0)),
                Check(o.Out().type() == plan::RING, "the result is not a ring tensor"),
                ShapeIs(o.Out(), o.InShape(0).empty() ? Shape{1} : o.InShape(0)), FractionBits(o)});
}

Problem LocalDecode(const Operands& o) {
  return First({Check(o.In(0).type() == plan::RING, "the operand is not a ring tensor"),
                Plain(o.Out()), ShapeIs(o.Out(), o.InShape(0)), FractionBits(o)});
}

Problem LocalOutput(const Operands& o) {
  return First(
      {Check(o.In(0).type() != plan::I64, "an i64 output"), FractionBits(o), NameIsShown(o.step)});
}

constexpr Row kRows[] = {
    {plan::LOCAL_ARGUMENT, LocalArgument}, {plan::LOCAL_CONSTANT, LocalConstant},
    {plan::LOCAL_ENCODE, LocalEncode},     {plan::LOCAL_OUTPUT, LocalOutput},
    {plan::LOCAL_DECODE, LocalDecode},     {plan::LOCAL_PLAIN, LocalPlain}};

}  // namespace

std::span<const Row> LocalRules() { return kRows; }

}  // namespace mpcc::shape_rules
