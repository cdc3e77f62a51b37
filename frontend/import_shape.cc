// SPDX-License-Identifier: Apache-2.0
// Operators that move elements.
#include <numeric>
#include <tuple>

#include "fmt/format.h"
#include "frontend/limits.h"
#include "frontend/node_context.h"
#include "frontend/pick.h"
#include "frontend/rewrite/rewrite.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

constexpr char kFixShapes[] = "fix the shapes of the model's inputs";

mlir::LogicalResult BadAxis(NodeContext& node, int64_t axis, const Shape& shape) {
  return node.Fail(fmt::format("axis {}", axis), "an axis of " + ShapeText(shape), kInvalidFile);
}

mlir::LogicalResult ImportIdentity(NodeContext& node) {
  if (const auto* raw = node.RawConstant(0)) {
    node.SetConstantOutput(0, raw);
  } else {
    node.SetOutput(0, node.Input(0));
  }
  return mlir::success();
}

mlir::LogicalResult ImportDropout(NodeContext& node) {
  auto training = node.Constant(2);
  if (node.OutputUsed(1))
    return node.Fail("a use of the mask of Dropout", "uses of its value, in inference mode",
                     "export the model in evaluation mode");
  if (node.HasInput(2) &&
      (!training || training->size() != 1 || !training->is_int() || training->ints()[0] != 0))
    return node.Fail("dropout in training mode", "inference mode",
                     "export the model in evaluation mode");
  return ImportIdentity(node);
}

mlir::LogicalResult ImportReshape(NodeContext& node) {
  mlir::Value x = node.Input(0);
  auto target = node.Constant(1);
  if (!target || !target->is_int())
    return node.Fail("a computed shape", "a constant shape", kFixShapes);
  Shape from = ShapeOf(x), to = target->ints();
  int64_t open = -1;
  for (size_t d = 0; d < to.size(); ++d) {
    if (to[d] == 0 && node.Int("allowzero", 0) == 0 && d < from.size()) to[d] = from[d];
    if (to[d] == -1) open = static_cast<int64_t>(d);
  }
  const int64_t count = nn::ElementCount(from);
  if (open >= 0) to[open] = 1;
  if (const auto known = BoundedCount(to); open >= 0 && known.value_or(0) > 0)
    to[open] = count / *known;
  if (BoundedCount(to) != count)
    return node.Fail(
        fmt::format("{} to {}", ShapeText(from), ShapeText(target->ints())),
        "the same number of elements",
        "the export may have baked another sequence length in: compile for that length");
  node.SetOutput(0, node.Reshape(x, to));
  return mlir::success();
}

mlir::LogicalResult ImportFlatten(NodeContext& node) {
  Shape shape = ShapeOf(node.Input(0));
  const int64_t axis = node.Int("axis", 1), at = axis < 0 ? axis + RankOf(node.Input(0)) : axis;
  if (at < 0 || at > RankOf(node.Input(0))) return BadAxis(node, axis, shape);
  auto product = [](auto first, auto last) {
    return std::accumulate(first, last, int64_t{1}, std::multiplies<>());
  };
  node.SetOutput(0, node.Reshape(node.Input(0), {product(shape.begin(), shape.begin() + at),
                                                 product(shape.begin() + at, shape.end())}));
  return mlir::success();
}

mlir::LogicalResult ImportUnsqueeze(NodeContext& node) {
  bool failed = false;
  auto axes = node.IntsInputOrAttribute(1, "axes", failed);
  if (failed) return mlir::failure();
  if (!axes) return node.Fail("no axes", "axes", kInvalidFile);
  Shape from = ShapeOf(node.Input(0));
  const auto rank = static_cast<int64_t>(from.size() + axes->size());
  Shape to(rank, 0);
  for (int64_t axis : *axes) {
    auto at = NormalizeAxis(axis, rank);
    if (!at || to[*at] == 1) return BadAxis(node, axis, from);
    to[*at] = 1;
  }
  auto next = from.begin();
  for (int64_t& dim : to)
    if (dim == 0) dim = *next++;
  node.SetOutput(0, node.Reshape(node.Input(0), to));
  return mlir::success();
}

mlir::LogicalResult ImportSqueeze(NodeContext& node) {
  bool failed = false;
  auto axes = node.IntsInputOrAttribute(1, "axes", failed);
  if (failed) return mlir::failure();
  Shape from = ShapeOf(node.Input(0)), to;
  std::vector<bool> drop(from.size(), false);
  for (size_t d = 0; !axes && d < from.size(); ++d) drop[d] = from[d] == 1;
  for (int64_t axis : axes.value_or(Shape())) {
    auto at = NormalizeAxis(axis, RankOf(node.Input(0)));
    if (!at || from[*at] != 1) return BadAxis(node, axis, from);
    drop[*at] = true;
  }
  for (size_t d = 0; d < from.size(); ++d)
    if (!drop[d]) to.push_back(from[d]);
  node.SetOutput(0, node.Reshape(node.Input(0), to));
  return mlir::success();
}

mlir::LogicalResult ImportTranspose(NodeContext& node) {
  Shape identity(RankOf(node.Input(0)));
  std::iota(identity.begin(), identity.end(), 0);
  Shape perm = node.Ints("perm").value_or(Shape(identity.rbegin(), identity.rend()));
  Shape sorted = perm;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != identity)
    return node.Fail("perm " + ShapeText(perm), "a permutation of the axes", kInvalidFile);
  node.SetOutput(0, perm == identity ? node.Input(0) : node.Transpose(node.Input(0), perm));
  return mlir::success();
}

mlir::LogicalResult ImportConcat(NodeContext& node) {
  llvm::SmallVector<mlir::Value> parts;
  Shape shape = ShapeOf(node.Input(0));
  auto axis = NormalizeAxis(node.Int("axis", 0), RankOf(node.Input(0)));
  if (!axis) return BadAxis(node, node.Int("axis", 0), shape);
  int64_t extent = 0;
  for (int i = 0; i < node.NumInputs(); ++i) {
    mlir::Value part = node.Input(i);
    Shape other = ShapeOf(part);
    if (other.size() != shape.size() || ElementOf(part) != ElementOf(node.Input(0)))
      return node.Fail("parts of different rank or type", "equal ranks and types",
                       "check the fixed input shapes");
    extent += std::exchange(other[*axis], shape[*axis]);
    if (other != shape)
      return node.Fail("parts that do not fit", "equal other extents",
                       "check the fixed input shapes");
    parts.push_back(part);
  }
  if (extent > 0)  // what has no elements adds none
    llvm::erase_if(parts, [&](mlir::Value part) { return ShapeOf(part)[*axis] == 0; });
  shape[*axis] = extent;
  auto type = mlir::RankedTensorType::get(shape, ElementOf(node.Input(0)));
  node.SetOutput(0, node.Emit<nn::ConcatOp>(type, parts, static_cast<uint64_t>(*axis)));
  return mlir::success();
}

// First index and number of indices from `start` to before `end`, as ONNX clamps them.
std::pair<int64_t, int64_t> Interval(int64_t start, int64_t end, int64_t step, int64_t extent) {
  if (extent == 0) return {0, 0};
  const bool down = step < 0;
  auto clamp = [&](int64_t at, int64_t low, int64_t high) {
    return std::clamp<int64_t>(at < 0 ? at + extent : at, low, high);
  };
  const int64_t first = down ? clamp(start, 0, extent - 1) : clamp(start, 0, extent);
  const int64_t last = down ? clamp(end, -1, extent - 1) : clamp(end, 0, extent);
  const int64_t distance = down ? first - last : last - first;
  // Larger steps than the extent take one element.
  const int64_t stride = std::min(down ? -std::max(step, -extent - 1) : step, extent + 1);
  return {first, distance <= 0 ? 0 : (distance + stride - 1) / stride};
}

mlir::LogicalResult ImportSlice(NodeContext& node) {
  mlir::Value x = node.Input(0);
  bool failed = false;
  auto starts = node.IntsInputOrAttribute(1, "starts", failed),
       ends = node.IntsInputOrAttribute(2, "ends", failed);
  auto axes = node.IntsInputOrAttribute(3, "axes", failed),
       steps = node.IntsInputOrAttribute(4, "steps", failed);
  if (failed) return mlir::failure();
  if (!starts || !ends || starts->size() != ends->size() ||
      (axes && axes->size() != starts->size()) || (steps && steps->size() != starts->size()))
    return node.Fail("no bounds", "starts and ends", kInvalidFile);
  Shape from = ShapeOf(x), shape = from, offsets(shape.size(), 0), strides(shape.size(), 1);
  for (size_t i = 0; i < starts->size(); ++i) {
    const int64_t given = axes ? axes->at(i) : static_cast<int64_t>(i);
    auto axis = NormalizeAxis(given, RankOf(x));
    if (!axis) return BadAxis(node, given, from);
    const int64_t step = steps ? steps->at(i) : 1;
    if (step == 0) return node.Fail("step 0", "steps other than 0", kInvalidFile);
    strides[*axis] = std::clamp(step, -from[*axis] - 1, from[*axis] + 1);
    std::tie(offsets[*axis], shape[*axis]) = Interval((*starts)[i], (*ends)[i], step, from[*axis]);
  }
  if (std::all_of(strides.begin(), strides.end(), [](int64_t step) { return step == 1; })) {
    node.SetOutput(0, EmitSlice(node, x, offsets, shape));
    return mlir::success();
  }
  if (mlir::Value moved = PickSteps(node, x, offsets, strides, shape)) {
    node.SetOutput(0, moved);
    return mlir::success();
  }
  offsets.insert(offsets.end(), strides.begin(), strides.end());
  offsets.insert(offsets.end(), shape.begin(), shape.end());
  mlir::Value picked = node.Plain("slice", x, offsets);
  if (!picked) return mlir::failure();
  node.SetOutput(0, picked);
  return mlir::success();
}

// The extents of the parts of a Split along an extent.
Shape SplitSizes(NodeContext& node, int64_t extent, bool& failed) {
  auto sizes = node.IntsInputOrAttribute(1, "split", failed);
  if (sizes) return *sizes;
  const int64_t count = node.node().output_size();
  const int64_t each = (extent + count - 1) / count;
  Shape even(count, each);
  even.back() = extent - each * (count - 1);
  return even;
}

mlir::LogicalResult ImportSplit(NodeContext& node) {
  mlir::Value x = node.Input(0);
  Shape shape = ShapeOf(x), offsets(shape.size(), 0);
  auto axis = NormalizeAxis(node.Int("axis", 0), RankOf(x));
  if (!axis) return BadAxis(node, node.Int("axis", 0), shape);
  bool failed = false;
  Shape sizes = SplitSizes(node, shape[*axis], failed);
  if (failed) return mlir::failure();
  const bool negative = std::any_of(sizes.begin(), sizes.end(), [](int64_t n) { return n < 0; });
  if (negative || std::accumulate(sizes.begin(), sizes.end(), int64_t{0}) != shape[*axis] ||
      static_cast<int>(sizes.size()) != node.node().output_size())
    return node.Fail("parts " + ShapeText(sizes), fmt::format("parts of {}", shape[*axis]),
                     kInvalidFile);
  for (size_t i = 0; i < sizes.size(); ++i) {
    shape[*axis] = sizes[i];
    node.SetOutput(static_cast<int>(i), EmitSlice(node, x, offsets, shape));
    offsets[*axis] += sizes[i];
  }
  return mlir::success();
}

mlir::LogicalResult ImportExpand(NodeContext& node) {
  mlir::Value x = node.Input(0);
  auto target = node.Constant(1);
  if (!target || !target->is_int())
    return node.Fail("a computed shape", "a constant shape", kFixShapes);
  const Shape& wanted = target->ints();
  const bool negative = std::any_of(wanted.begin(), wanted.end(), [](int64_t n) { return n < 0; });
  auto shape = nn::BroadcastShapes(ShapeOf(x), wanted);
  if (!shape || negative)
    return node.Fail("shape " + ShapeText(target->ints()), "a shape it broadcasts to", kFixShapes);
  auto type = mlir::RankedTensorType::get(*shape, ElementOf(x));
  node.SetOutput(0, type == x.getType() ? x : node.Emit<nn::BroadcastOp>(type, x));
  return mlir::success();
}

// Gather by one constant index is a slice with the axes of the index in place of the gathered one.
mlir::LogicalResult GatherOne(NodeContext& node, int64_t axis, int64_t index, size_t index_rank) {
  mlir::Value x = node.RealInput(0);
  Shape shape = ShapeOf(x), offsets(shape.size(), 0);
  auto at = NormalizeAxis(index, shape[axis]);
  if (!at)
    return node.Fail(fmt::format("index {}", index), fmt::format("below {}", shape[axis]),
                     kFixShapes);
  offsets[axis] = *at;
  shape[axis] = 1;
  mlir::Value one = EmitSlice(node, x, offsets, shape);
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin() + axis, index_rank, 1);
  node.SetOutput(0, node.Reshape(one, shape));
  return mlir::success();
}

// Gather by several constant indices; null if that is not made of slices.
mlir::Value GatherSeveral(NodeContext& node, mlir::Value x, int64_t axis, const nn::Tensor& ids) {
  Shape shape = ShapeOf(x), indices;
  for (const int64_t id : ids.ints()) {
    const auto at = NormalizeAxis(id, shape[axis]);
    if (!at) return {};
    indices.push_back(*at);
  }
  if (!CanPick(x, indices)) return {};
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin() + axis, ids.shape.begin(), ids.shape.end());
  return node.Reshape(Pick(node, x, axis, indices), shape);
}

// The axis to the front, rows picked, and the index axes moved back to where the axis was.
mlir::LogicalResult ImportGather(NodeContext& node) {
  mlir::Value x = node.RealInput(0), ids = node.Input(1);
  auto axis = NormalizeAxis(node.Int("axis", 0), RankOf(x));
  if (!axis) return BadAxis(node, node.Int("axis", 0), ShapeOf(x));
  if (ShapeOf(x)[*axis] == 0)
    return node.Fail("a lookup in " + ShapeText(ShapeOf(x)), "at least one row", kInvalidFile);
  if (!ElementOf(ids).isInteger(64))
    return node.Fail("indices that are not integers", "integers", kInvalidFile);
  auto constant = node.Constant(1);
  if (constant && constant->is_int() && constant->size() == 1)
    return GatherOne(node, *axis, constant->ints()[0], constant->shape.size());
  if (constant && constant->is_int()) {
    if (mlir::Value picked = GatherSeveral(node, x, *axis, *constant)) {
      node.SetOutput(0, picked);
      return mlir::success();
    }
  }
  const int64_t rank = RankOf(x), ids_rank = RankOf(ids);
  if (*axis != 0) {
    Shape front(rank);
    std::iota(front.begin(), front.end(), 0);
    std::rotate(front.begin(), front.begin() + *axis, front.begin() + *axis + 1);
    x = node.Transpose(x, front);
  }
  Shape shape = ShapeOf(ids), rest = ShapeOf(x);
  shape.insert(shape.end(), rest.begin() + 1, rest.end());
  mlir::Value rows =
      node.Emit<nn::GatherOp>(mlir::RankedTensorType::get(shape, ElementOf(x)), x, ids);
  if (*axis != 0) {
    Shape back(shape.size());
    std::iota(back.begin(), back.end(), 0);
    std::rotate(back.begin(), back.begin() + ids_rank, back.begin() + ids_rank + *axis);
    rows = node.Transpose(rows, back);
  }
  node.SetOutput(0, rows);
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"Identity", ImportIdentity},     {"Dropout", ImportDropout}, {"Reshape", ImportReshape},
    {"Flatten", ImportFlatten},       {"Squeeze", ImportSqueeze}, {"Unsqueeze", ImportUnsqueeze},
    {"Transpose", ImportTranspose},   {"Concat", ImportConcat},   {"Slice", ImportSlice},
    {"Split", ImportSplit},           {"Expand", ImportExpand},   {"Gather", ImportGather},
    {kFreeQuantizer, ImportIdentity},
};

}  // namespace

llvm::ArrayRef<ImportRow> ShapeImporters() { return kRows; }

}  // namespace mpcc
