// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/shape_rules.h"

#include <algorithm>
#include <vector>

#include "runtime/base/ring.h"
#include "runtime/plan/plan_validator.h"
#include "runtime/plan/shape_rule.h"

namespace mpcc {
namespace shape_rules {

Problem SameTensor(const Operands& o) {
  return First({Alike(o.In(0), o.Out()), ShapeIs(o.Out(), o.InShape(0))});
}

Problem Reshape(const Operands& o) {
  return First({Alike(o.In(0), o.Out()), Check(ElementCount(o.In(0)) == ElementCount(o.Out()),
                                               "the number of elements changes")});
}

Problem Transpose(const Operands& o) {
  const int rank = o.In(0).shape_size();
  std::vector<bool> seen(rank, false);
  Shape shape;
  for (int64_t axis : o.step.ints()) {
    if (axis < 0 || axis >= rank || seen[axis]) return "the axes are not a permutation";
    seen[axis] = true;
    shape.push_back(o.In(0).shape(static_cast<int>(axis)));
  }
  return First({Alike(o.In(0), o.Out()), ShapeIs(o.Out(), shape)});
}

Problem Slice(const Operands& o) {
  if (o.In(0).shape_size() != o.Out().shape_size()) return "the rank changes";
  for (int d = 0; d < o.step.ints_size(); ++d)
    if (o.Int(d) < 0 || o.Int(d) > o.In(0).shape(d) ||
        o.Out().shape(d) > o.In(0).shape(d) - o.Int(d))
      return fmt::format("dimension {} is outside the operand", d);
  return Alike(o.In(0), o.Out());
}

Problem Concat(const Operands& o) {
  Shape shape = o.InShape(0);
  const int64_t axis = o.Int(0);
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size())) return "the axis is out of range";
  uint64_t extent = 0;
  for (int i = 0; i < o.step.inputs_size(); ++i) {
    Shape part = o.InShape(i);
    if (part.size() != shape.size()) return "the ranks differ";
    extent += part[axis];
    part[axis] = shape[axis];
    if (part != shape) return "the operands differ outside the axis";
    if (Problem p = Alike(o.In(i), o.Out()); !p.empty()) return p;
  }
  if (extent > UINT32_MAX) return "the result is too large";
  shape[axis] = static_cast<uint32_t>(extent);
  return ShapeIs(o.Out(), shape);
}

// At P0 a dealt step has no result, but its size bounds the material.
Problem ResultIs(const Operands& o, const DealtResult& result) {
  if (o.AtDealer()) return TensorProblem(plan::RING, result.width, result.shape);
  return First({KindIs(o, o.Out(), plan::ADD), RingIs(o.Out(), result.width),
                ShapeIs(o.Out(), result.shape)});
}

Problem ConstantIs(const Operands& o, int i, uint32_t width, const Shape& shape) {
  const plan::Constant& constant = o.plan.constants(o.step.constants(i));
  const Shape found(constant.shape().begin(), constant.shape().end());
  if (constant.type() == plan::RING && constant.width() == width && found == shape) return "";
  return fmt::format("constant {} is {} of width {}, {} of width {} is needed", i, Text(found),
                     constant.width(), Text(shape), width);
}

namespace {

// ---- exchanges and conversions

Problem Exchange(const Operands& o, plan::WireKind from, plan::WireKind to) {
  for (int i = 0; i < std::min(o.step.inputs_size(), o.step.outputs_size()); ++i)
    if (Problem p = SameSharing(o, o.In(i), from, o.Out(i), to); !p.empty()) return p;
  for (int i = 0; i < o.step.inputs_size(); ++i)
    if (Problem p = First({KindIs(o, o.In(i), from),
                           Check(o.In(i).type() == plan::RING, "an operand is not a ring tensor")});
        !p.empty())
      return p;
  for (int i = 0; i < o.step.outputs_size(); ++i)
    if (Problem p = First({KindIs(o, o.Out(i), to),
                           Check(o.Out(i).type() == plan::RING, "a result is not a ring tensor")});
        !p.empty())
      return p;
  return "";
}

Problem Input(const Operands& o) { return Exchange(o, plan::LOCAL, plan::RSS); }
Problem Reshare(const Operands& o) { return Exchange(o, plan::ADD, plan::RSS); }
Problem Reveal(const Operands& o) { return Exchange(o, plan::ADD, plan::LOCAL); }
Problem InputLocal(const Operands& o) { return Exchange(o, plan::LOCAL, plan::ADD); }
Problem OpenFree(const Operands& o) { return Exchange(o, plan::RSS, plan::ADD); }

// ---- arithmetic and structure on shares, masks or local tensors

Problem AddShares(const Operands& o) {
  const auto shape = BroadcastShape(ShapeOf(o.In(0)), ShapeOf(o.In(1)));
  return First(
      {SecretOrMask(o.In(0)), Alike(o.In(0), o.In(1)), Alike(o.In(0), o.Out()),
       Check(shape && *shape == o.InShape(0), "the second operand does not broadcast to the first"),
       ShapeIs(o.Out(), o.InShape(0))});
}

Problem Public(const Operands& o) { return First({SecretOrMask(o.In(0)), SameTensor(o)}); }

Problem RowSum(const Operands& o) {
  Shape shape = o.InShape(0);
  shape.back() = 1;
  return First({SecretOrMask(o.In(0)), Alike(o.In(0), o.Out()), ShapeIs(o.Out(), shape)});
}

Problem Resize(const Operands& o) {
  return First({SecretOrMask(o.In(0)),
                Check(o.In(0).kind() == o.Out().kind(), "the sharing changes"),
                Check(o.Out().width() <= o.In(0).width(), "the ring grows"),
                ShapeIs(o.Out(), o.InShape(0))});
}

Problem Extract(const Operands& o) { return First({KindIs(o, o.In(0), plan::ADD), Resize(o)}); }

Problem Join(const Operands& o) {
  const uint32_t width = o.In(0).width() + o.In(1).width();
  return First({KindIs(o, o.In(0), plan::RSS), KindIs(o, o.In(1), plan::RSS),
                KindIs(o, o.Out(), plan::RSS), RingIs(o.Out(), width),
                ShapeIs(o.In(1), o.InShape(0)), ShapeIs(o.Out(), o.InShape(0))});
}

// ---- dealt operations

// Width of the dealt table: that of P0's constant, or of the result elsewhere.
uint32_t TableWidth(const Operands& o) {
  return o.AtDealer() ? o.plan.constants(o.step.constants(0)).width() : o.Out().width();
}

Shape WithLast(Shape shape, uint32_t last) {
  shape.back() = last;
  return shape;
}

DealtResult LinearResult(const Operands& o) {
  const plan::SharedConstant& w = o.plan.shared_constants(o.step.shared(0));
  return {w.width(), WithLast(o.InShape(0), w.shape(1))};
}

Problem Linear(const Operands& o) {
  const plan::SharedConstant& w = o.plan.shared_constants(o.step.shared(0));
  const Shape shape = o.InShape(0);
  if (w.width() != o.In(0).width() || w.shape(0) != shape.back())
    return fmt::format("the weight is {}x{} of width {}, the operand {} of width {}", w.shape(0),
                       w.shape(1), w.width(), Text(shape), o.In(0).width());
  Problem constants;
  if (o.AtDealer() && o.step.constants(0) != w.constant())
    constants = "constant 0 is not the weight";
  if (constants.empty() && o.step.constants_size() == 2)
    constants = ConstantIs(o, 1, w.width(), {w.shape(1)});
  return First({KindIs(o, o.In(0), plan::RSS), constants, ResultIs(o, LinearResult(o))});
}

DealtResult MatMulResult(const Operands& o) {
  const Shape b = o.InShape(1);
  return {o.In(0).width(), WithLast(o.InShape(0), o.Int(0) ? b[b.size() - 2] : b.back())};
}

Problem MatMul(const Operands& o) {
  const Shape a = o.InShape(0), b = o.InShape(1);
  if (o.Int(0) != 0 && o.Int(0) != 1) return "transpose_b is neither 0 nor 1";
  if (a.size() < 2 || a.size() != b.size() || !std::equal(a.begin(), a.end() - 2, b.begin()))
    return fmt::format("{} and {} are not batches of matrices", Text(a), Text(b));
  const uint32_t inner = o.Int(0) ? b.back() : b[b.size() - 2];
  if (inner != a.back()) return fmt::format("inner extents {} and {} differ", a.back(), inner);
  return First({KindIs(o, o.In(0), plan::RSS), KindIs(o, o.In(1), plan::RSS),
                RingIs(o.In(1), o.In(0).width()), ResultIs(o, MatMulResult(o))});
}

DealtResult DotResult(const Operands& o) { return {o.In(0).width(), WithLast(o.InShape(0), 1)}; }

Problem Dot(const Operands& o) {
  return First({KindIs(o, o.In(0), plan::RSS), KindIs(o, o.In(1), plan::RSS),
                RingIs(o.In(1), o.In(0).width()), ShapeIs(o.In(1), o.InShape(0)),
                ResultIs(o, DotResult(o))});
}

uint32_t ProductWidth(const Operands& o) {
  return o.step.inputs_size() == 0 ? TableWidth(o) : o.In(0).width();
}

DealtResult ProductResult(const Operands& o) {
  DealtResult result{ProductWidth(o), {}};
  std::optional<Shape> constant;
  if (o.Int(0)) constant = result.shape = Shape(o.step.ints().begin() + 1, o.step.ints().end());
  std::vector<Shape> factors;
  for (int i = 0; i < o.step.inputs_size(); ++i) {
    factors.push_back(o.InShape(i));
    result.shape = *BroadcastShape(result.shape, factors.back());
  }
  for (const Shape& shape : ProductSubsetShapes(factors, constant))
    result.vectors.push_back({ElementCount(shape), static_cast<int>(result.width)});
  return result;
}

Problem Product(const Operands& o) {
  if (o.Int(0) != 0 && o.Int(0) != 1) return "has_constant is neither 0 nor 1";
  const bool alone = o.step.inputs_size() == 0;
  if (alone && !o.Int(0)) return "it has neither a factor nor a constant";
  const uint32_t width = ProductWidth(o);
  std::optional<Shape> shape = Shape{};
  if (o.Int(0)) {
    for (int64_t extent : o.step.ints())
      if (extent <= 0 || extent > UINT32_MAX) return "an extent of the constant is out of range";
    shape->assign(o.step.ints().begin() + 1, o.step.ints().end());
    if (o.AtDealer())
      if (Problem p = ConstantIs(o, 0, width, *shape); !p.empty()) return p;
  }
  for (int i = 0; i < o.step.inputs_size(); ++i) {
    shape = BroadcastShape(*shape, ShapeOf(o.In(i)));
    if (!shape) return "the factors do not broadcast";
    if (Problem p = First({KindIs(o, o.In(i), plan::RSS), RingIs(o.In(i), width)}); !p.empty())
      return p;
  }
  if (Problem p = TensorProblem(plan::RING, width, *shape); !p.empty()) return p;
  return ResultIs(o, ProductResult(o));
}

DealtResult LutResult(const Operands& o) {
  return {TableWidth(o), o.InShape(0), static_cast<int>(o.Int(0))};
}

Problem Window(const Operands& o, DealtResult (*result_of)(const Operands& o)) {
  const int64_t k = o.Int(0), shift = o.Int(1);
  if (k < 1 || k > kMaxIndexBits || shift < 0 || shift > kMaxRingBits ||
      k + shift > o.In(0).width())
    return fmt::format("{} index bits above bit {} of {}", k, shift, o.In(0).width());
  Problem table;
  if (o.AtDealer()) {
    const plan::Constant& constant = o.plan.constants(o.step.constants(0));
    const uint32_t rows = constant.shape(0);
    if (rows != 1 && rows != o.InShape(0).back())
      table = "the tables are neither one nor one per column";
    if (table.empty()) table = ConstantIs(o, 0, constant.width(), {rows, uint32_t{1} << k});
  }
  return First({KindIs(o, o.In(0), plan::RSS), table, ResultIs(o, result_of(o))});
}

DealtResult LutPairResult(const Operands& o) {
  DealtResult result{TableWidth(o), {2}};
  for (uint32_t extent : o.In(0).shape()) result.shape.push_back(extent);
  result.vectors = DealtVectors(Operation::kLutPair, ElementCount(o.In(0)),
                                static_cast<int>(result.width), static_cast<int>(o.Int(0)));
  return result;
}

Problem Lut(const Operands& o) { return Window(o, LutResult); }
Problem LutPair(const Operands& o) { return Window(o, LutPairResult); }

DealtResult Lut2Result(const Operands& o) {
  return {TableWidth(o), o.InShape(0), static_cast<int>(o.In(0).width() + o.In(1).width())};
}

Problem Lut2(const Operands& o) {
  const uint32_t k = o.In(0).width() + o.In(1).width();
  if (k > kMaxIndexBits || o.In(0).width() > 16 || o.In(1).width() > 16)
    return fmt::format("{} + {} index bits, {} and 16 each are possible", o.In(0).width(),
                       o.In(1).width(), kMaxIndexBits);
  const auto shape = BroadcastShape(ShapeOf(o.In(0)), ShapeOf(o.In(1)));
  Problem table;
  if (o.AtDealer()) table = ConstantIs(o, 0, TableWidth(o), {uint32_t{1} << k});
  return First(
      {KindIs(o, o.In(0), plan::RSS), KindIs(o, o.In(1), plan::RSS), table,
       Check(shape && *shape == o.InShape(0), "the second operand does not broadcast to the first"),
       ResultIs(o, Lut2Result(o))});
}

DealtResult WrapResult(const Operands& o) {
  return {static_cast<uint32_t>(o.Int(0)), o.InShape(0)};
}

Problem Wrap(const Operands& o) {
  const int64_t r = o.Int(0);
  if (r < 1 || r > kMaxRingBits) return fmt::format("result width {}", r);
  return First({KindIs(o, o.In(0), plan::RSS), ResultIs(o, WrapResult(o))});
}

Problem DrawMask(const Operands& o) {
  return Check(o.Int(0) == 0 || o.Int(0) == 1,
               "the parameter is neither 0 (reshare) nor 1 (input)");
}

constexpr Row kRows[] = {{plan::INPUT, Input},
                         {plan::RESHARE, Reshare},
                         {plan::REVEAL, Reveal},
                         {plan::INPUT_LOCAL, InputLocal},
                         {plan::OPEN_FREE, OpenFree},
                         {plan::ADD_SHARES, AddShares},
                         {plan::SUB_SHARES, AddShares},
                         {plan::ADD_PUBLIC, Public},
                         {plan::MUL_PUBLIC, Public},
                         {plan::ROW_SUM, RowSum},
                         {plan::RESHAPE, Reshape},
                         {plan::TRANSPOSE, Transpose},
                         {plan::SLICE, Slice},
                         {plan::CONCAT, Concat},
                         {plan::RESIZE, Resize},
                         {plan::EXTRACT, Extract},
                         {plan::JOIN, Join},
                         {plan::LINEAR, Linear, LinearResult},
                         {plan::MATMUL, MatMul, MatMulResult},
                         {plan::DOT, Dot, DotResult},
                         {plan::PRODUCT, Product, ProductResult},
                         {plan::LUT, Lut, LutResult},
                         {plan::LUT_PAIR, LutPair, LutPairResult},
                         {plan::LUT2, Lut2, Lut2Result},
                         {plan::WRAP, Wrap, WrapResult},
                         {plan::DRAW_MASK, DrawMask}};

// Opcodes of the local family read and write local wires only, those of shares and masks none.
Problem FamilyProblem(const Operands& o, OpcodeFamily family) {
  if (family == OpcodeFamily::kExchange) return "";
  const bool local = family == OpcodeFamily::kLocal;
  for (uint32_t wire : o.step.inputs())
    if ((o.program.wires(wire).kind() == plan::LOCAL) != local &&
        o.step.opcode() != plan::INPUT_LOCAL)
      return local ? "an operand is not a local wire" : "an operand is a local wire";
  for (uint32_t wire : o.step.outputs())
    if ((o.program.wires(wire).kind() == plan::LOCAL) != local)
      return local ? "the result is not a local wire" : "the result is a local wire";
  return "";
}

const Row* FindRow(plan::Opcode opcode) {
  for (const auto rows : {std::span<const Row>(kRows), BitRules(), LocalRules()})
    for (const Row& row : rows)
      if (row.opcode == opcode) return &row;
  return nullptr;
}

}  // namespace
}  // namespace shape_rules

std::string TensorProblem(plan::ElementType type, uint32_t width, std::span<const uint32_t> shape) {
  if (type != plan::RING && type != plan::F32 && type != plan::I64) return "it has no type";
  if (type == plan::RING ? width < 1 || width > kMaxRingBits : width != 0)
    return fmt::format("width {} does not fit its type", width);
  const size_t least = type == plan::RING ? 1 : 0;  // P1's plaintext may be a number
  if (shape.size() < least || shape.size() > kMaxRank)
    return fmt::format("rank {}, {} to {} are possible", shape.size(), least, kMaxRank);
  uint64_t elements = 1;
  for (uint32_t extent : shape) {
    if (extent == 0) return "an extent is zero";
    if (extent > kMaxWireElements / elements) return "it has too many elements";
    elements *= extent;
  }
  return "";
}

std::string ShapeProblem(const plan::Plan& plan, const plan::Program& program,
                         const plan::Step& step) {
  const shape_rules::Operands operands{plan, program, step};
  std::string problem = shape_rules::FamilyProblem(operands, FindOpcode(step.opcode())->family);
  if (!problem.empty()) return problem;
  const shape_rules::Row* row = shape_rules::FindRow(step.opcode());
  return row ? row->check(operands) : "no rule for this opcode";
}

DealtResult DealtResultOf(const plan::Plan& plan, const plan::Program& program,
                          const plan::Step& step) {
  return shape_rules::FindRow(step.opcode())->result({plan, program, step});
}

bool HasShapeRule(plan::Opcode opcode) { return shape_rules::FindRow(opcode) != nullptr; }

bool HasDealtResult(plan::Opcode opcode) {
  return HasShapeRule(opcode) && shape_rules::FindRow(opcode)->result;
}

}  // namespace mpcc
