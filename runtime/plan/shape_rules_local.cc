// SPDX-License-Identifier: Apache-2.0
// Shape rules of the plaintext opcodes.
#include <algorithm>
#include <cmath>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/plan/shape_rule.h"

namespace mpcc::shape_rules {
namespace {

Problem Plain(const plan::Wire& wire) {
  return Check(wire.type() != plan::RING, "a ring tensor where f32 or i64 is needed");
}

Problem LocalArgument(const Operands& o) {
  return First({Plain(o.Out()), Check(!o.step.name().empty(), "the argument has no name")});
}

Problem LocalConstant(const Operands& o) {
  const plan::Constant& constant = o.plan.constants(o.step.constants(0));
  const Shape shape(constant.shape().begin(), constant.shape().end());
  return First({Check(constant.type() == o.Out().type() && constant.width() == o.Out().width(),
                      "the constant has another type"),
                ShapeIs(o.Out(), shape)});
}

Problem LocalGather(const Operands& o) {
  Shape shape = o.InShape(1);
  const Shape table = o.InShape(0);
  shape.insert(shape.end(), table.begin() + 1, table.end());
  return First({Check(o.In(1).type() == plan::I64, "the indices are not i64"),
                Alike(o.In(0), o.Out()), ShapeIs(o.Out(), shape)});
}

Problem KindInRange(const Operands& o, int64_t count) {
  return Check(o.Int(0) >= 0 && o.Int(0) < count, "the kind is out of range");
}

Problem LocalBinary(const Operands& o) {
  const auto shape = BroadcastShape(ShapeOf(o.In(0)), ShapeOf(o.In(1)));
  return First({KindInRange(o, static_cast<int64_t>(BinaryKind::kCount)), Plain(o.In(0)),
                Plain(o.Out()), Alike(o.In(0), o.In(1)),
                Check(shape.has_value(), "the operands do not broadcast"),
                shape ? ShapeIs(o.Out(), *shape) : ""});
}

Problem LocalUnary(const Operands& o) {
  return First({KindInRange(o, static_cast<int64_t>(UnaryKind::kCount)), Plain(o.In(0)),
                Plain(o.Out()), ShapeIs(o.Out(), o.InShape(0))});
}

Problem LocalReduce(const Operands& o) {
  Shape shape = o.InShape(0);
  std::vector<bool> seen(shape.size(), false);
  for (int i = 1; i < o.step.ints_size(); ++i) {
    const int64_t axis = o.Int(i);
    if (axis < 0 || axis >= static_cast<int64_t>(shape.size()) || seen[axis])
      return "an axis is out of range or repeated";
    seen[axis] = true;
    shape[axis] = 1;
  }
  return First({KindInRange(o, static_cast<int64_t>(ReduceKind::kCount)), Plain(o.In(0)),
                Alike(o.In(0), o.Out()), ShapeIs(o.Out(), shape)});
}

Problem LocalSelect(const Operands& o) {
  auto shape = BroadcastShape(ShapeOf(o.In(1)), ShapeOf(o.In(2)));
  if (shape) shape = BroadcastShape(*shape, ShapeOf(o.In(0)));
  if (!shape) return "the operands do not broadcast";
  return First({Plain(o.In(0)), Plain(o.Out()), Alike(o.In(1), o.Out()), Alike(o.In(2), o.Out()),
                ShapeIs(o.Out(), *shape)});
}

Problem LocalLayerNorm(const Operands& o) {
  const Shape last{o.InShape(0).back()};
  return First({Check(o.In(0).type() == plan::F32, "the operand is not f32"), SameTensor(o),
                Alike(o.In(0), o.In(1)), Alike(o.In(0), o.In(2)), ShapeIs(o.In(1), last),
                ShapeIs(o.In(2), last),
                Check(std::isfinite(o.step.real()) && o.step.real() >= 0,
                      "epsilon is negative or not finite")});
}

Problem LocalBroadcast(const Operands& o) {
  const auto shape = BroadcastShape(ShapeOf(o.In(0)), ShapeOf(o.Out()));
  return First({Alike(o.In(0), o.Out()), Check(shape && *shape == o.OutShape(),
                                               "the operand does not broadcast to the result")});
}

Problem FractionBits(const Operands& o) {
  return Check(o.Int(0) >= -kMaxRingBits && o.Int(0) <= kMaxRingBits,
               "fraction_bits is out of range");
}

Problem LocalEncode(const Operands& o) {
  return First({Plain(o.In(0)),
                Check(o.Out().type() == plan::RING, "the result is not a ring tensor"),
                ShapeIs(o.Out(), o.InShape(0)), FractionBits(o)});
}

Problem LocalDecode(const Operands& o) {
  return First({Check(o.In(0).type() == plan::RING, "the operand is not a ring tensor"),
                Plain(o.Out()), ShapeIs(o.Out(), o.InShape(0)), FractionBits(o)});
}

Problem LocalOutput(const Operands& o) {
  return First({Check(o.In(0).type() != plan::I64, "an i64 output"), FractionBits(o),
                Check(!o.step.name().empty(), "the output has no name")});
}

constexpr Row kRows[] = {{plan::LOCAL_ARGUMENT, LocalArgument},
                         {plan::LOCAL_CONSTANT, LocalConstant},
                         {plan::LOCAL_GATHER, LocalGather},
                         {plan::LOCAL_BINARY, LocalBinary},
                         {plan::LOCAL_UNARY, LocalUnary},
                         {plan::LOCAL_REDUCE, LocalReduce},
                         {plan::LOCAL_SELECT, LocalSelect},
                         {plan::LOCAL_LAYER_NORM, LocalLayerNorm},
                         {plan::LOCAL_RESHAPE, Reshape},
                         {plan::LOCAL_TRANSPOSE, Transpose},
                         {plan::LOCAL_SLICE, Slice},
                         {plan::LOCAL_CONCAT, Concat},
                         {plan::LOCAL_BROADCAST, LocalBroadcast},
                         {plan::LOCAL_ENCODE, LocalEncode},
                         {plan::LOCAL_OUTPUT, LocalOutput},
                         {plan::LOCAL_DECODE, LocalDecode}};

}  // namespace

std::span<const Row> LocalRules() { return kRows; }

}  // namespace mpcc::shape_rules
