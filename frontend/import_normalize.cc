// SPDX-License-Identifier: Apache-2.0
// Reductions, softmax and normalizations.
#include <cmath>
#include <numeric>

#include "fmt/format.h"
#include "frontend/node_context.h"

namespace mpcc {
namespace {

using nn::BinaryKind;

template <nn::ReduceKind kind>
mlir::LogicalResult ImportReduce(NodeContext& node) {
  mlir::Value x = node.Input(0);
  bool failed = false;
  auto given = node.IntsInputOrAttribute(1, "axes", failed);
  if (failed) return mlir::failure();
  if ((!given || given->empty()) && node.Int("noop_with_empty_axes", 0) != 0) {
    node.SetOutput(0, x);
    return mlir::success();
  }
  Shape shape = ShapeOf(x), axes, kept_shape = shape, dropped_shape;
  if (given && given->empty()) given.reset();
  for (int64_t d = 0; !given && d < RankOf(x); ++d) axes.push_back(d);
  for (int64_t axis : given.value_or(Shape())) {
    auto normal = NormalizeAxis(axis, RankOf(x));
    if (!normal)
      return node.Fail(fmt::format("axis {}", axis), "an axis of " + ShapeText(shape),
                       kInvalidFile);
    axes.push_back(*normal);
  }
  for (int64_t axis : axes) kept_shape[axis] = 1;
  for (int64_t d = 0; d < RankOf(x); ++d)
    if (std::find(axes.begin(), axes.end(), d) == axes.end()) dropped_shape.push_back(shape[d]);
  auto type = mlir::RankedTensorType::get(kept_shape, ElementOf(x));
  mlir::Value result =
      node.Emit<nn::ReduceOp>(type, kind, x, node.builder().getDenseI64ArrayAttr(axes));
  if (node.Int("keepdims", 1) == 0) result = node.Reshape(result, dropped_shape);
  node.SetOutput(0, result);
  return mlir::success();
}

mlir::LogicalResult ImportSoftmax(NodeContext& node) {
  mlir::Value x = node.Input(0);
  const int64_t axis = node.Int("axis", node.opset() < 13 ? 1 : -1);
  auto at = NormalizeAxis(axis, RankOf(x));
  if (!at)
    return node.Fail(fmt::format("axis {}", axis), "an axis of " + ShapeText(ShapeOf(x)),
                     kInvalidFile);
  if (node.opset() < 13 && *at != RankOf(x) - 1)
    return node.Fail(fmt::format("axis {} of rank {}", axis, RankOf(x)),
                     "the last axis below opset 13, where others mean all behind them",
                     "export with opset 13 or above");
  // The axis and the last one change places, before and after.
  Shape swap(RankOf(x));
  std::iota(swap.begin(), swap.end(), 0);
  std::swap(swap[*at], swap.back());
  if (*at != RankOf(x) - 1) x = node.Transpose(x, swap);
  mlir::Value y = node.Emit<nn::SoftmaxOp>(x.getType(), x, mlir::Value());
  node.SetOutput(0, *at == RankOf(x) - 1 ? y : node.Transpose(y, swap));
  return mlir::success();
}

// A parameter of shape [D], [1, D], ... as [D]; null if it has another size.
mlir::Value AsVector(NodeContext& node, mlir::Value value, int64_t width) {
  if (nn::ElementCount(ShapeOf(value)) != width) return {};
  return node.Reshape(value, {width});
}

mlir::LogicalResult EmitLayerNorm(NodeContext& node, mlir::Value x, int gamma_input, int beta_input,
                                  double epsilon) {
  for (int output : {1, 2})
    if (node.OutputUsed(output))
      return node.Fail("a use of the mean or the deviation", "uses of the normalized value",
                       "compute them by operators of their own");
  if (!(epsilon >= 0) || std::isinf(epsilon))
    return node.Fail(fmt::format("epsilon {}", epsilon), "a finite epsilon of at least 0",
                     "export the model with the epsilon that it was trained with");
  const int64_t width = ShapeOf(x).back();
  mlir::Value gamma = AsVector(node, node.Input(gamma_input), width);
  mlir::Value beta = node.HasInput(beta_input)
                         ? AsVector(node, node.Input(beta_input), width)
                         : node.EmitConstant(nn::Tensor{{width}, nn::Tensor::Floats(width, 0.0f)});
  if (!gamma || !beta)
    return node.Fail("a scale or bias of another size", fmt::format("{} elements", width),
                     kInvalidFile);
  node.SetOutput(0, node.Emit<nn::LayerNormOp>(x.getType(), x, gamma, beta,
                                               node.builder().getF64FloatAttr(epsilon)));
  return mlir::success();
}

mlir::LogicalResult ImportLayerNorm(NodeContext& node) {
  mlir::Value x = node.Input(0);
  if (RankOf(x) == 0 || NormalizeAxis(node.Int("axis", -1), RankOf(x)) != RankOf(x) - 1)
    return node.Fail("normalization over several axes", "the last axis",
                     "flatten the normalized axes");
  return EmitLayerNorm(node, x, 1, 2, node.Float("epsilon", 1e-5));
}

// SkipLayerNormalization(input, skip, gamma, beta, bias) of com.microsoft; output 3 is the sum.
mlir::LogicalResult ImportSkipLayerNorm(NodeContext& node) {
  if (ShapeOf(node.Input(0)) != ShapeOf(node.Input(1)) || RankOf(node.Input(0)) == 0)
    return node.Fail("input and skip of different shapes", "equal shapes",
                     "check the fixed input shapes");
  mlir::Value sum = node.Binary(BinaryKind::add, node.Input(0), node.Input(1));
  if (node.HasInput(4)) sum = node.Binary(BinaryKind::add, sum, node.Input(4));
  if (node.OutputUsed(3)) node.SetOutput(3, sum);
  return EmitLayerNorm(node, sum, 2, 3, node.Float("epsilon", 1e-5));
}

mlir::LogicalResult ImportLpNormalization(NodeContext& node) {
  mlir::Value x = node.Input(0);
  if (failed(CheckReal(node, 0))) return mlir::failure();
  if (node.Int("p", 2) != 2 || NormalizeAxis(node.Int("axis", -1), RankOf(x)) != RankOf(x) - 1)
    return node.Fail("another norm or axis", "p = 2 over the last axis",
                     "use the L2 norm of the last axis");
  node.SetOutput(
      0, node.Emit<nn::L2NormalizeOp>(x.getType(), x, node.builder().getF64FloatAttr(1e-12)));
  return mlir::success();
}

constexpr ImportRow kRows[] = {
    {"ReduceSum", ImportReduce<nn::ReduceKind::sum>},
    {"ReduceMean", ImportReduce<nn::ReduceKind::mean>},
    {"ReduceMax", ImportReduce<nn::ReduceKind::max>},
    {"ReduceL2", ImportReduce<nn::ReduceKind::l2>},
    {"ReduceMin", ImportReduce<nn::ReduceKind::min>},
    {"ReduceProd", ImportReduce<nn::ReduceKind::prod>},
    {"ReduceL1", ImportReduce<nn::ReduceKind::l1>},
    {"ReduceSumSquare", ImportReduce<nn::ReduceKind::sum_square>},
    {"Softmax", ImportSoftmax},
    {"LayerNormalization", ImportLayerNorm},
    {"SkipLayerNormalization", ImportSkipLayerNorm},
    {"LpNormalization", ImportLpNormalization},
};

}  // namespace

llvm::ArrayRef<ImportRow> NormalizeImporters() { return kRows; }

}  // namespace mpcc
