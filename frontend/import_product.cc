// SPDX-License-Identifier: Apache-2.0
#include "fmt/format.h"
#include "frontend/node_context.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

mlir::Value EmitMatMul(NodeContext& node, mlir::Value a, mlir::Value b) {
  Shape lhs = ShapeOf(a), rhs = ShapeOf(b);
  Shape batch_a(lhs.begin(), lhs.end() - 2), batch_b(rhs.begin(), rhs.end() - 2);
  auto batch = nn::BroadcastShapes(batch_a, batch_b);
  if (!batch || lhs.back() != rhs[rhs.size() - 2]) return {};
  batch->append({lhs[lhs.size() - 2], rhs.back()});
  auto type = mlir::RankedTensorType::get(*batch, node.builder().getF32Type());
  return node.Emit<nn::MatMulOp>(type, a, b, false);
}

mlir::LogicalResult ImportMatMul(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  if (!ElementOf(a).isF32() || !ElementOf(b).isF32())
    return node.Fail("operands that are not float", "float operands",
                     "put DequantizeLinear before this node");
  if (RankOf(a) < 2 || RankOf(b) < 2)
    return node.Fail(fmt::format("ranks {} and {}", RankOf(a), RankOf(b)), "at least rank 2",
                     "add an axis of 1");
  mlir::Value product = EmitMatMul(node, a, b);
  if (!product)
    return node.Fail(fmt::format("shapes {} and {}", ShapeText(ShapeOf(a)), ShapeText(ShapeOf(b))),
                     "matrices that multiply", "check the fixed input shapes");
  node.SetOutput(0, product);
  return mlir::success();
}

mlir::LogicalResult ImportGemm(NodeContext& node) {
  mlir::Value a = node.Input(0), b = node.Input(1);
  if (RankOf(a) != 2 || RankOf(b) != 2 || !ElementOf(a).isF32() || !ElementOf(b).isF32())
    return node.Fail("operands that are not float matrices", "float matrices",
                     "put DequantizeLinear before this node");
  if (node.Float("alpha", 1) != 1 || (node.HasInput(2) && node.Float("beta", 1) != 1))
    return node.Fail("alpha or beta other than 1", "alpha = beta = 1",
                     "multiply the weights instead");
  if (node.Int("transA", 0)) a = node.Transpose(a, {1, 0});
  if (node.Int("transB", 0)) b = node.Transpose(b, {1, 0});
  mlir::Value product = EmitMatMul(node, a, b);
  if (!product)
    return node.Fail("shapes that do not multiply", "[M, K] and [K, N]",
                     "check the fixed input shapes");
  if (node.HasInput(2)) {
    auto shape = nn::BroadcastShapes(ShapeOf(product), ShapeOf(node.Input(2)));
    if (!shape || Shape(shape->begin(), shape->end()) != ShapeOf(product))
      return node.Fail("a bias that does not fit", "a bias that broadcasts to [M, N]",
                       kInvalidFile);
    product = node.Binary(nn::BinaryKind::add, product, node.Input(2));
  }
  node.SetOutput(0, product);
  return mlir::success();
}

constexpr ImportRow kRows[] = {{"MatMul", ImportMatMul}, {"Gemm", ImportGemm}};

}  // namespace

llvm::ArrayRef<ImportRow> ProductImporters() { return kRows; }

}  // namespace mpcc
