// SPDX-License-Identifier: Apache-2.0
// Products on quantized operands, biases, and where dequantize stands.
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using mlir::quant::QuantizedType;

// Whether a product reads the value, perhaps behind ops that move elements.
bool FeedsProduct(mlir::Value value) {
  return llvm::any_of(value.getUsers(), [](mlir::Operation* user) {
    if (llvm::isa<nn::MatMulOp, nn::LinearOp>(user)) return true;
    return llvm::isa<nn::TransposeOp, nn::ReshapeOp, nn::SliceOp>(user) &&
           FeedsProduct(user->getResult(0));
  });
}

// layout(dequantize(q)) -> dequantize(layout(q)) for per-tensor types, where a product reads it.
template <typename Op>
struct SinkDequantize : mlir::OpRewritePattern<Op> {
  using mlir::OpRewritePattern<Op>::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter& rewriter) const override {
    auto dequantize = op.getInput().template getDefiningOp<nn::DequantizeOp>();
    if (!dequantize || IsParameter(dequantize.getInput()) || !FeedsProduct(op.getResult()))
      return mlir::failure();
    QuantizedType type = nn::QuantizedElement(dequantize.getInput().getType());
    if (nn::QuantizedAxis(type)) return mlir::failure();
    mlir::Operation* moved = rewriter.clone(*op);
    rewriter.modifyOpInPlace(moved, [&] {
      moved->setOperand(0, dequantize.getInput());
      moved->getResult(0).setType(mlir::RankedTensorType::get(ShapeOf(op.getResult()), type));
    });
    rewriter.replaceOpWithNewOp<nn::DequantizeOp>(op, op.getType(), moved->getResult(0));
    return mlir::success();
  }
};

bool ReadsWeight(mlir::Operation* user) {
  return llvm::isa<nn::MatMulOp, nn::LinearOp, nn::TransposeOp, nn::ReshapeOp>(user);
}

// A dequantized constant is a float constant where no product reads it.
struct FoldDequantizedConstant : mlir::OpRewritePattern<nn::DequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::DequantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto constant = op.getInput().getDefiningOp<nn::ConstantOp>();
    if (!constant || llvm::all_of(op->getUsers(), ReadsWeight)) return mlir::failure();
    auto tensor = MatchParameter(op.getResult());
    if (!tensor) return mlir::failure();
    auto real = nn::MakeConstant(rewriter, constant.getLoc(), *tensor, op.getType(),
                                 constant.getIsPublic());
    rewriter.replaceUsesWithIf(op.getResult(), real,
                               [](mlir::OpOperand& use) { return !ReadsWeight(use.getOwner()); });
    return mlir::success();
  }
};

// quantize(dequantize(q)) with the same quantization is q.
struct FoldRequantize : mlir::OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::QuantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto dequantize = op.getInput().getDefiningOp<nn::DequantizeOp>();
    if (!dequantize || dequantize.getInput().getType() != op.getType()) return mlir::failure();
    rewriter.replaceOp(op, dequantize.getInput());
    return mlir::success();
  }
};

// A product reads the quantized value behind a per-tensor dequantize.
mlir::Value Absorb(mlir::Value operand) {
  auto dequantize = operand.getDefiningOp<nn::DequantizeOp>();
  return dequantize && !IsParameter(dequantize.getInput()) ? dequantize.getInput() : operand;
}

// matmul with a constant matrix -> linear.
struct MatMulToLinear : mlir::OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::MatMulOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (!IsParameter(op.getRhs()) || ShapeOf(op.getRhs()).size() != 2 || op.getTransposeB())
      return mlir::failure();
    mlir::Value weight = op.getRhs();
    if (auto dequantize = weight.getDefiningOp<nn::DequantizeOp>()) weight = dequantize.getInput();
    auto linear = rewriter.create<nn::LinearOp>(op.getLoc(), op.getType(), Absorb(op.getLhs()),
                                                weight, mlir::Value());
    ReplaceWithRange(rewriter, op, linear);
    return mlir::success();
  }
};

struct AbsorbIntoMatMul : mlir::OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::MatMulOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    mlir::Value lhs = Absorb(op.getLhs()), rhs = Absorb(op.getRhs());
    if (lhs == op.getLhs() && rhs == op.getRhs()) return mlir::failure();
    if (!nn::IsQuantized(lhs.getType()) || !nn::IsQuantized(rhs.getType())) return mlir::failure();
    rewriter.modifyOpInPlace(op, [&] { op->setOperands({lhs, rhs}); });
    return mlir::success();
  }
};

struct AbsorbIntoLinear : mlir::OpRewritePattern<nn::LinearOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::LinearOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    mlir::Value input = Absorb(op.getInput());
    if (input == op.getInput()) return mlir::failure();
    rewriter.modifyOpInPlace(op, [&] { op->setOperand(0, input); });
    return mlir::success();
  }
};

// linear + constant vector -> linear with bias.
struct AbsorbBias : mlir::OpRewritePattern<nn::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::BinaryOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    if (op.getKind() != nn::BinaryKind::add) return mlir::failure();
    auto linear = op.getLhs().getDefiningOp<nn::LinearOp>();
    mlir::Value other = op.getRhs();
    if (!linear || !IsParameter(other)) {
      linear = op.getRhs().getDefiningOp<nn::LinearOp>();
      other = op.getLhs();
    }
    if (!linear || linear.getBias() || !linear->hasOneUse() || linear.getType() != op.getType())
      return mlir::failure();
    const int64_t width = ShapeOf(linear.getResult()).back();
    auto bias = MatchParameter(other);
    if (!bias || (bias->size() != 1 && bias->size() != width)) return mlir::failure();
    if (bias->size() == width && width > 1 && bias->shape.back() != width) return mlir::failure();
    if (bias->size() == 1) bias->data = nn::Tensor::Floats(width, bias->floats()[0]);
    bias->shape = {width};
    auto type = mlir::RankedTensorType::get({width}, rewriter.getF32Type());
    auto vector = nn::MakeConstant(rewriter, other.getLoc(), *bias, type, IsPublicParameter(other));
    auto fresh =
        rewriter.create<nn::LinearOp>(rewriter.getFusedLoc({linear.getLoc(), op.getLoc()}),
                                      op.getType(), linear.getInput(), linear.getWeight(), vector);
    ReplaceWithRange(rewriter, op, fresh);
    return mlir::success();
  }
};

}  // namespace

void AddProductPatterns(mlir::RewritePatternSet& patterns) {
  patterns.add<FoldDequantizedConstant, FoldRequantize, SinkDequantize<nn::TransposeOp>,
               SinkDequantize<nn::ReshapeOp>, SinkDequantize<nn::SliceOp>, MatMulToLinear,
               AbsorbIntoMatMul, AbsorbIntoLinear, AbsorbBias>(patterns.getContext());
}

}  // namespace mpcc
