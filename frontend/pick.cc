// SPDX-License-Identifier: Apache-2.0
#include "frontend/pick.h"

namespace mpcc {
namespace {

// Indices of an axis that a constant names, of which neighbours in order are one slice. More slices
// than that are not made: each is an operation of the plan.
constexpr size_t kMostPicked = 64;

struct Run {
  int64_t first, count;
};

std::vector<Run> RunsOf(const Shape& indices) {
  std::vector<Run> runs;
  for (const int64_t index : indices) {
    if (!runs.empty() && runs.back().first + runs.back().count == index)
      ++runs.back().count;
    else
      runs.push_back({index, 1});
  }
  return runs;
}

// A weight, whose elements are picked where they are known.
bool IsConstant(mlir::Value x) {
  if (auto real = x.getDefiningOp<nn::DequantizeOp>()) x = real.getInput();
  return x.getDefiningOp<nn::ConstantOp>() != nullptr;
}

bool AreFew(const Shape& indices) {
  return !indices.empty() && RunsOf(indices).size() <= kMostPicked;
}

Shape StepsFrom(int64_t offset, int64_t stride, int64_t count) {
  Shape indices;
  for (int64_t i = 0; i < count; ++i) indices.push_back(offset + i * stride);
  return indices;
}

}  // namespace

mlir::Value EmitSlice(NodeContext& node, mlir::Value x, const Shape& offsets, const Shape& shape) {
  if (shape == ShapeOf(x)) return x;
  auto type = mlir::RankedTensorType::get(shape, ElementOf(x));
  return node.Emit<nn::SliceOp>(type, x, node.builder().getDenseI64ArrayAttr(offsets));
}

bool CanPick(mlir::Value x, const Shape& indices) {
  return ElementOf(x).isF32() && !IsConstant(x) && AreFew(indices);
}

mlir::Value Pick(NodeContext& node, mlir::Value x, int64_t axis, const Shape& indices) {
  llvm::SmallVector<mlir::Value> parts;
  Shape shape = ShapeOf(x), offsets(shape.size(), 0);
  for (const Run& run : RunsOf(indices)) {
    offsets[axis] = run.first;
    shape[axis] = run.count;
    parts.push_back(EmitSlice(node, x, offsets, shape));
  }
  if (parts.size() == 1) return parts[0];
  shape[axis] = static_cast<int64_t>(indices.size());
  auto type = mlir::RankedTensorType::get(shape, ElementOf(x));
  return node.Emit<nn::ConcatOp>(type, parts, static_cast<uint64_t>(axis));
}

mlir::Value PickSteps(NodeContext& node, mlir::Value x, const Shape& offsets, const Shape& strides,
                      const Shape& shape) {
  if (!ElementOf(x).isF32() || IsConstant(x)) return {};
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    Shape only = ShapeOf(x), starts(shape.size(), 0);
    if (strides[axis] == 1) {
      starts[axis] = offsets[axis];
      only[axis] = shape[axis];
      x = EmitSlice(node, x, starts, only);
      continue;
    }
    const Shape indices = StepsFrom(offsets[axis], strides[axis], shape[axis]);
    if (!AreFew(indices)) return {};
    x = Pick(node, x, static_cast<int64_t>(axis), indices);
  }
  return x;
}

}  // namespace mpcc
