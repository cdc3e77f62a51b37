// SPDX-License-Identifier: Apache-2.0
// Reductions, softmax and normalizations.
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
                       "check the model");
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

// Sums of the elements up to each position of the last axis: x times a triangle of ones, summed.
// Position ids of some encoders are computed so from the mask.
mlir::LogicalResult ImportCumSum(NodeContext& node) {
  mlir::Value x = node.Input(0);
  auto axis = node.Constant(1);
  const bool last = axis && axis->is_int() && axis->size() == 1 && RankOf(x) > 0 &&
                    NormalizeAxis(axis->ints()[0], RankOf(x)) == RankOf(x) - 1;
  if (!last || node.Int("exclusive", 0) != 0 || node.Int("reverse", 0) != 0 ||
      ElementOf(x).isInteger(1))
    return node.Fail("another axis or order", "inclusive sums over the last axis",
                     "check the model");
  Shape shape = ShapeOf(x), row = shape;
  const int64_t width = shape.back();
  row.insert(row.end() - 1, 1);
  nn::Tensor triangle{{width, width}, nn::Tensor::Ints(width * width)};
  for (int64_t i = 0; i < width * width; ++i)
    std::get<nn::Tensor::Ints>(triangle.data)[i] = i % width <= i / width;
  mlir::Value ones = node.CastTo(node.EmitConstant(triangle), ElementOf(x));
  mlir::Value terms = node.Binary(BinaryKind::mul, node.Reshape(x, row), ones);
  Shape summed = ShapeOf(terms);
  summed.back() = 1;
  mlir::Value sums = node.Emit<nn::ReduceOp>(
      mlir::RankedTensorType::get(summed, ElementOf(x)), nn::ReduceKind::sum, terms,
      node.builder().getDenseI64ArrayAttr(RankOf(terms) - 1));
  node.SetOutput(0, node.Reshape(sums, shape));
  return mlir::success();
}

mlir::LogicalResult ImportSoftmax(NodeContext& node) {
  mlir::Value x = node.Input(0);
  const int64_t axis = node.Int("axis", node.opset() < 13 ? 1 : -1);
  if (NormalizeAxis(axis, RankOf(x)) != RankOf(x) - 1)
    return node.Fail(fmt::format("axis {} of rank {}", axis, RankOf(x)), "the last axis",
                     "transpose so that the softmax runs over the last axis");
  node.SetOutput(0, node.Emit<nn::SoftmaxOp>(x.getType(), x, mlir::Value()));
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
  const int64_t width = ShapeOf(x).back();
  mlir::Value gamma = AsVector(node, node.Input(gamma_input), width);
  mlir::Value beta = node.HasInput(beta_input)
                         ? AsVector(node, node.Input(beta_input), width)
                         : node.EmitConstant(nn::Tensor{{width}, nn::Tensor::Floats(width, 0.0f)});
  if (!gamma || !beta)
    return node.Fail("a scale or bias of another size", fmt::format("{} elements", width),
                     "check the model");
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
    {"CumSum", ImportCumSum},
    {"Softmax", ImportSoftmax},
    {"LayerNormalization", ImportLayerNorm},
    {"SkipLayerNormalization", ImportSkipLayerNorm},
    {"LpNormalization", ImportLpNormalization},
};

}  // namespace

llvm::ArrayRef<ImportRow> NormalizeImporters() { return kRows; }

}  // namespace mpcc
