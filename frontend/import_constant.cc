// SPDX-License-Identifier: Apache-2.0
// Nodes that only make constants, from attributes or from shapes.
#include "fmt/format.h"
#include "frontend/limits.h"
#include "frontend/node_context.h"
#include "frontend/tensor_decode.h"

namespace mpcc {
namespace {

mlir::LogicalResult ImportConstant(NodeContext& node) {
  if (const auto* value = node.Attribute("value")) {
    node.SetConstantOutput(0, &value->t());
    return mlir::success();
  }
  nn::Tensor tensor;
  if (const auto* real = node.Attribute("value_float")) {
    tensor = {{}, nn::Tensor::Floats{real->f()}};
  } else if (const auto* integer = node.Attribute("value_int")) {
    tensor = {{}, nn::Tensor::Ints{integer->i()}};
  } else if (const auto* reals = node.Attribute("value_floats")) {
    tensor = {{reals->floats_size()},
              nn::Tensor::Floats(reals->floats().begin(), reals->floats().end())};
  } else if (const auto* integers = node.Attribute("value_ints")) {
    tensor = {{integers->ints_size()},
              nn::Tensor::Ints(integers->ints().begin(), integers->ints().end())};
  } else {
    return node.Fail("a constant without a numeric value", "a dense tensor, floats or integers",
                     "store the constant as a tensor");
  }
  node.SetOutput(0, node.EmitConstant(tensor));
  return mlir::success();
}

mlir::LogicalResult NeedsConstant(NodeContext& node, const char* what) {
  return node.Fail(fmt::format("{} computed from the inputs", what), "a constant",
                   "fix the shapes of the model's inputs");
}

mlir::LogicalResult ImportConstantOfShape(NodeContext& node) {
  auto shape = node.Constant(0);
  if (!shape || !shape->is_int()) return NeedsConstant(node, "shape");
  if (!BoundedCount(shape->ints()))
    return node.Fail("shape " + ShapeText(shape->ints()), TensorLimitText(),
                     "compile for shorter inputs");
  nn::Tensor out{shape->ints(), nn::Tensor::Floats()};
  const auto* attribute = node.Attribute("value");
  auto value = attribute ? DecodeTensor(attribute->t()) : nn::Tensor{{1}, nn::Tensor::Floats{0.0f}};
  if (!value.ok() || value->size() != 1)
    return node.Fail("a wrong value", "one number", kInvalidFile);
  const auto elements = static_cast<size_t>(out.size());
  mlir::Type element = node.builder().getF32Type();
  if (value->is_float()) {
    out.data = nn::Tensor::Floats(elements, value->floats()[0]);
  } else {
    out.data = nn::Tensor::Ints(elements, value->ints()[0]);
    const bool is_bool = FindElement(attribute->t().data_type())->cls == ElementClass::kBool;
    element = is_bool ? node.builder().getI1Type() : node.builder().getI64Type();
  }
  node.SetOutput(0, node.EmitConstant(out, element));
  return mlir::success();
}

// Unsigned, because the distance and what follows the last number may be beyond 64 signed bits.
uint64_t RangeCount(int64_t first, int64_t end, int64_t step) {
  if (step > 0 ? first >= end : first <= end) return 0;
  const uint64_t distance =
      step > 0 ? uint64_t(end) - uint64_t(first) : uint64_t(first) - uint64_t(end);
  return (distance - 1) / (step > 0 ? uint64_t(step) : -uint64_t(step)) + 1;
}

mlir::LogicalResult ImportRange(NodeContext& node) {
  auto start = node.Constant(0), limit = node.Constant(1), delta = node.Constant(2);
  if (!start || !limit || !delta) return NeedsConstant(node, "a bound");
  for (const nn::Tensor* bound : {&*start, &*limit, &*delta})
    if (!bound->is_int() || bound->size() != 1)
      return node.Fail("a range that is not of integer scalars", "integer scalars", "use integers");
  if (delta->ints()[0] == 0)
    return node.Fail("a range with step 0", "integer scalars", "use integers");
  const int64_t first = start->ints()[0], end = limit->ints()[0], step = delta->ints()[0];
  const uint64_t count = RangeCount(first, end, step);
  if (count > uint64_t{1} << 24)
    return node.Fail("more than 2^24 elements", "a shorter range", "compile for shorter inputs");
  nn::Tensor::Ints values(count);
  for (uint64_t i = 0; i < count; ++i)
    values[i] = static_cast<int64_t>(uint64_t(first) + i * uint64_t(step));
  node.SetOutput(0, node.EmitConstant(nn::Tensor{{static_cast<int64_t>(values.size())}, values}));
  return mlir::success();
}

mlir::LogicalResult ImportShape(NodeContext& node) {
  Shape shape = ShapeOf(node.Input(0));
  const auto rank = static_cast<int64_t>(shape.size());
  auto clamp = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank); };
  const int64_t start = clamp(node.Int("start", 0)),
                end = std::max(start, clamp(node.Int("end", rank)));
  nn::Tensor::Ints dims(shape.begin() + start, shape.begin() + end);
  node.SetOutput(0, node.EmitConstant(nn::Tensor{{end - start}, dims}));
  return mlir::success();
}

mlir::LogicalResult ImportSize(NodeContext& node) {
  int64_t count = nn::ElementCount(ShapeOf(node.Input(0)));
  node.SetOutput(0, node.EmitConstant(nn::Tensor{{}, nn::Tensor::Ints{count}}));
  return mlir::success();
}

// Ones on a diagonal.
mlir::LogicalResult ImportEyeLike(NodeContext& node) {
  Shape shape = ShapeOf(node.Input(0));
  const ElementInfo* element = FindElement(static_cast<int>(node.Int("dtype", 0)));
  mlir::Type to = element ? node.ElementType(element->cls) : ElementOf(node.Input(0));
  if (shape.size() != 2 || !BoundedCount(shape))
    return node.Fail("shape " + ShapeText(shape), "a matrix", kInvalidFile);
  nn::Tensor eye{shape, nn::Tensor::Ints(shape[0] * shape[1], 0)};
  const int64_t k = node.Int("k", 0);
  for (int64_t row = 0; row < shape[0]; ++row)
    if (k >= -row && k < shape[1] - row)
      std::get<nn::Tensor::Ints>(eye.data)[row * shape[1] + row + k] = 1;
  node.SetOutput(0, node.CastTo(node.EmitConstant(eye), to));
  return mlir::success();
}

// Where a constant is not zero: indices by dimension, in row-major order.
mlir::LogicalResult ImportNonZero(NodeContext& node) {
  auto in = node.Constant(0);
  if (!in) return NeedsConstant(node, "the number of elements");
  const auto rank = static_cast<int64_t>(in->shape.size());
  std::vector<nn::Tensor::Ints> columns(rank);
  for (int64_t i = 0; i < in->size(); ++i) {
    if (in->is_float() ? in->floats()[i] == 0 : in->ints()[i] == 0) continue;
    for (int64_t d = rank - 1, rest = i; d >= 0; rest /= in->shape[d], --d)
      columns[d].push_back(rest % in->shape[d]);
  }
  nn::Tensor out{{rank, rank == 0 ? 0 : static_cast<int64_t>(columns[0].size())},
                 nn::Tensor::Ints()};
  for (const auto& column : columns)
    std::get<nn::Tensor::Ints>(out.data).insert(std::get<nn::Tensor::Ints>(out.data).end(),
                                                column.begin(), column.end());
  node.SetOutput(0, node.EmitConstant(out));
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"Constant", ImportConstant}, {"ConstantOfShape", ImportConstantOfShape},
    {"Range", ImportRange},       {"Shape", ImportShape},
    {"Size", ImportSize},         {"EyeLike", ImportEyeLike},
    {"NonZero", ImportNonZero},
};

}  // namespace

llvm::ArrayRef<ImportRow> ConstantImporters() { return kRows; }

}  // namespace mpcc
