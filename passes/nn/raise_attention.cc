// SPDX-License-Identifier: Apache-2.0
// Transpositions before a matmul.
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

bool IsIdentity(llvm::ArrayRef<int64_t> perm) {
  for (size_t i = 0; i < perm.size(); ++i)
    if (perm[i] != static_cast<int64_t>(i)) return false;
  return true;
}

// The input of `transpose` permuted so that its last two dimensions come the other way round.
mlir::Value WithoutSwap(mlir::PatternRewriter& rewriter, nn::TransposeOp transpose) {
  llvm::SmallVector<int64_t> perm(transpose.getPerm()), shape(ShapeOf(transpose.getResult()));
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  if (IsIdentity(perm)) return transpose.getInput();
  auto type = mlir::RankedTensorType::get(shape, ElementOf(transpose.getResult()));
  return rewriter.create<nn::TransposeOp>(transpose.getLoc(), type, transpose.getInput(), perm);
}

// A transposition whose last two dimensions come in falling order is (the rest and) a swap of both.
bool SwapsLastTwo(nn::TransposeOp transpose) {
  auto perm = transpose ? transpose.getPerm() : llvm::ArrayRef<int64_t>();
  return perm.size() >= 2 && perm[perm.size() - 2] > perm[perm.size() - 1];
}

// matmul(a, transpose(b)) -> matmul(a, b) {transpose_b}, also through a per-tensor quantize.
struct RaiseTransposeB : mlir::OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::MatMulOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    mlir::Value rhs = op.getRhs();
    auto quantize = rhs.getDefiningOp<nn::QuantizeOp>();
    if (quantize &&
        (!quantize->hasOneUse() || nn::QuantizedAxis(nn::QuantizedElement(quantize.getType()))))
      return mlir::failure();
    auto transpose = (quantize ? quantize.getInput() : rhs).getDefiningOp<nn::TransposeOp>();
    if (!SwapsLastTwo(transpose) || IsParameter(transpose.getInput())) return mlir::failure();
    mlir::Value straight = WithoutSwap(rewriter, transpose);
    if (quantize) {
      auto type = mlir::RankedTensorType::get(ShapeOf(straight), ElementOf(quantize.getResult()));
      straight = rewriter.create<nn::QuantizeOp>(quantize.getLoc(), type, straight);
    }
    auto product = rewriter.create<nn::MatMulOp>(op.getLoc(), op.getType(), op.getLhs(), straight,
                                                 !op.getTransposeB());
    ReplaceWithRange(rewriter, op, product);
    return mlir::success();
  }
};

}  // namespace

void AddAttentionPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<RaiseTransposeB>(patterns.getContext());
}

}  // namespace mpcc
