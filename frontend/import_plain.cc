// SPDX-License-Identifier: Apache-2.0
// Operators that have a meaning on plaintext alone: rows of runtime/plain.
#include <array>

#include "fmt/format.h"
#include "frontend/limits.h"
#include "frontend/node_context.h"
#include "frontend/tensor_decode.h"

namespace mpcc {
namespace {

using Ints = llvm::SmallVector<int64_t>;

// Sets output 0 to an operator's result.
mlir::LogicalResult Set(NodeContext& node, llvm::StringRef name, mlir::ValueRange inputs,
                        llvm::ArrayRef<int64_t> ints = {}) {
  mlir::Value result = node.Plain(name, inputs, ints);
  if (!result) return mlir::failure();
  node.SetOutput(0, result);
  return mlir::success();
}

std::optional<int64_t> AxisOf(NodeContext& node, int64_t otherwise, int64_t rank) {
  const int64_t axis = node.Int("axis", otherwise);
  auto normal = NormalizeAxis(axis, rank);
  if (!normal)
    (void)node.Fail(fmt::format("axis {}", axis), fmt::format("an axis of rank {}", rank),
                    kInvalidFile);
  return normal;
}

mlir::LogicalResult ImportMod(NodeContext& node) {
  return Set(node, node.Int("fmod", 0) != 0 ? "fmod" : "mod", {node.Input(0), node.Input(1)});
}

mlir::LogicalResult ImportXor(NodeContext& node) {
  return Set(node, "logical_xor", {node.Input(0), node.Input(1)});
}

mlir::LogicalResult ImportIsNaN(NodeContext& node) { return Set(node, "is_nan", node.Input(0)); }

mlir::LogicalResult ImportIsInf(NodeContext& node) {
  const bool negative = node.Int("detect_negative", 1) != 0,
             positive = node.Int("detect_positive", 1) != 0;
  if (negative != positive)
    return Set(node, negative ? "is_negative_infinity" : "is_positive_infinity", node.Input(0));
  mlir::Value below = node.Plain("is_negative_infinity", node.Input(0)),
              above = node.Plain(negative ? "is_positive_infinity" : "is_negative_infinity",
                                 node.Input(0));
  if (!below || !above) return mlir::failure();
  return Set(node, "logical_xor", {below, above});  // both at once never; the same twice cancels
}

mlir::LogicalResult ImportCastLike(NodeContext& node) {
  node.SetOutput(0, node.CastTo(node.Input(0), ElementOf(node.Input(1))));
  return mlir::success();
}

mlir::LogicalResult ImportTile(NodeContext& node) {
  bool failed = false;
  auto repeats = node.IntsInputOrAttribute(1, "repeats", failed);
  if (failed) return mlir::failure();
  return Set(node, "tile", node.Input(0), repeats.value_or(Shape()));
}

// Pairs by axis as pairs for every dimension: all before, then all after.
std::optional<Ints> PadWidths(NodeContext& node, const Shape& pads, const Shape& axes,
                              int64_t rank) {
  Ints widths(2 * rank, 0);
  if (pads.size() != 2 * axes.size()) return std::nullopt;
  for (size_t i = 0; i < axes.size(); ++i) {
    auto axis = NormalizeAxis(axes[i], rank);
    if (!axis) return std::nullopt;
    widths[*axis] = pads[i];
    widths[rank + *axis] = pads[axes.size() + i];
  }
  return widths;
}

mlir::LogicalResult ImportPad(NodeContext& node) {
  static constexpr std::array<const char*, 4> kModes = {"constant", "reflect", "edge", "wrap"};
  mlir::Value x = node.Input(0);
  const std::string mode = node.String("mode", "constant");
  const auto* found = std::find(kModes.begin(), kModes.end(), mode);
  bool failed = false;
  auto pads = node.IntsInputOrAttribute(1, "pads", failed),
       axes = node.IntsInputOrAttribute(3, "", failed);
  if (failed) return mlir::failure();
  Shape every;
  for (int64_t d = 0; d < RankOf(x); ++d) every.push_back(d);
  auto widths = PadWidths(node, pads.value_or(Shape()), axes.value_or(every), RankOf(x));
  if (!widths || found == kModes.end())
    return node.Fail(fmt::format("mode '{}', pads {}", mode, ShapeText(pads.value_or(Shape()))),
                     "constant, reflect, edge or wrap, and two widths for each axis", kInvalidFile);
  mlir::Value value = node.HasInput(2) ? node.CastTo(node.Input(2), ElementOf(x))
                                       : node.CastTo(node.EmitFloat(0), ElementOf(x));
  widths->insert(widths->begin(), found - kModes.begin());
  return Set(node, "pad", {x, value}, *widths);
}

mlir::LogicalResult ImportTrilu(NodeContext& node) {
  auto k = node.Constant(1);
  if (node.HasInput(1) && (!k || !k->is_int() || k->size() != 1))
    return node.Fail("a diagonal computed from the inputs", "a constant", "make it a constant");
  // Beyond the largest extent all diagonals are alike.
  const int64_t bound = kMaxTensorElements;
  const int64_t diagonal = k ? std::clamp(k->ints()[0], -bound, bound) : 0;
  return Set(node, "triangle", node.Input(0), {node.Int("upper", 1) != 0 ? 1 : 0, diagonal});
}

// Sums of the elements up to each position: position ids of some encoders, from the mask.
mlir::LogicalResult ImportCumSum(NodeContext& node) {
  auto axis = node.Constant(1);
  auto normal = axis && axis->is_int() && axis->size() == 1
                    ? NormalizeAxis(axis->ints()[0], RankOf(node.Input(0)))
                    : std::nullopt;
  if (!normal) return node.Fail("no constant axis", "an axis of the operand", kInvalidFile);
  return Set(node, "cum_sum", node.Input(0),
             {*normal, node.Int("exclusive", 0) != 0, node.Int("reverse", 0) != 0});
}

mlir::LogicalResult ImportGatherNd(NodeContext& node) {
  return Set(node, "gather_nd", {node.RealInput(0), node.Input(1)}, node.Int("batch_dims", 0));
}

mlir::LogicalResult ImportGatherElements(NodeContext& node) {
  auto axis = AxisOf(node, 0, RankOf(node.Input(0)));
  if (!axis) return mlir::failure();
  return Set(node, "gather_elements", {node.RealInput(0), node.Input(1)}, *axis);
}

std::optional<int64_t> ReductionOf(NodeContext& node) {
  static constexpr std::array<const char*, 5> kReductions = {"none", "add", "mul", "max", "min"};
  const std::string name = node.String("reduction", "none");
  const auto* found = std::find(kReductions.begin(), kReductions.end(), name);
  if (found != kReductions.end()) return found - kReductions.begin();
  (void)node.Fail(fmt::format("reduction '{}'", name), "none, add, mul, max or min", kInvalidFile);
  return std::nullopt;
}

mlir::LogicalResult ImportScatterNd(NodeContext& node) {
  auto reduction = ReductionOf(node);
  if (!reduction) return mlir::failure();
  return Set(node, "scatter_nd", {node.Input(0), node.Input(1), node.Input(2)}, *reduction);
}

mlir::LogicalResult ImportScatterElements(NodeContext& node) {
  auto axis = AxisOf(node, 0, RankOf(node.Input(0)));
  auto reduction = ReductionOf(node);
  if (!axis || !reduction) return mlir::failure();
  return Set(node, "scatter_elements", {node.Input(0), node.Input(1), node.Input(2)},
             {*axis, *reduction});
}

mlir::LogicalResult ImportOneHot(NodeContext& node) {
  mlir::Value ids = node.CastTo(node.Input(0), node.builder().getI64Type());
  auto depth = node.Constant(1);
  auto axis = AxisOf(node, -1, RankOf(ids) + 1);
  if (!axis) return mlir::failure();
  if (!depth || depth->size() != 1)
    return node.Fail("a depth computed from the inputs", "a constant", "make it a constant");
  const int64_t extent =
      depth->is_int() ? depth->ints()[0] : static_cast<int64_t>(depth->floats()[0]);
  return Set(node, "one_hot", {ids, node.Input(2)}, {*axis, extent});
}

constexpr ImportRow kRows[] = {
    {"Mod", ImportMod},
    {"Xor", ImportXor},
    {"IsNaN", ImportIsNaN},
    {"IsInf", ImportIsInf},
    {"CastLike", ImportCastLike},
    {"Tile", ImportTile},
    {"Pad", ImportPad},
    {"Trilu", ImportTrilu},
    {"CumSum", ImportCumSum},
    {"GatherND", ImportGatherNd},
    {"GatherElements", ImportGatherElements},
    {"ScatterND", ImportScatterNd},
    {"ScatterElements", ImportScatterElements},
    {"OneHot", ImportOneHot},
};

}  // namespace

llvm::ArrayRef<ImportRow> PlainImporters() { return kRows; }

}  // namespace mpcc
