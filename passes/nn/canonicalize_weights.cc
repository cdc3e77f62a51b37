// SPDX-License-Identifier: Apache-2.0
// Parameters: their bit widths from their values, and rearrangements done at compile time.
#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_interpreter.h"
#include "passes/nn/patterns.h"

namespace mpcc {
namespace {

using mlir::quant::QuantizedType;

// A parameter in place of `old`, and as public.
nn::ConstantOp MakeParameter(mlir::PatternRewriter& rewriter, nn::ConstantOp old,
                             const nn::Tensor& tensor, QuantizedType element) {
  return nn::MakeConstant(rewriter, old.getLoc(), tensor,
                          mlir::RankedTensorType::get(tensor.shape, element), old.getIsPublic());
}

// The same, dequantized, in place of an operation on the old one.
mlir::LogicalResult ReplaceByParameter(mlir::PatternRewriter& rewriter, mlir::Operation* op,
                                       nn::ConstantOp old, const nn::Tensor& tensor,
                                       QuantizedType element) {
  rewriter.replaceOpWithNewOp<nn::DequantizeOp>(op, op->getResult(0).getType(),
                                                MakeParameter(rewriter, old, tensor, element));
  return mlir::success();
}

// Which channel an element lies in; without an axis all lie in one.
struct Channels {
  int64_t count = 1, inner = 1;

  Channels(const std::vector<int64_t>& shape, std::optional<int64_t> axis) {
    if (!axis) return;
    count = shape[*axis];
    for (size_t d = *axis + 1; d < shape.size(); ++d) inner *= shape[d];
  }
  int64_t Of(size_t element) const { return static_cast<int64_t>(element) / inner % count; }
};

// The magnitude that all values of each channel share, or nothing.
template <typename T>
std::optional<std::vector<T>> TwoValuedMagnitudes(const std::vector<T>& values,
                                                  const Channels& channels) {
  std::vector<T> magnitudes(channels.count, 0);
  for (size_t i = 0; i < values.size(); ++i) {
    T& magnitude = magnitudes[channels.Of(i)];
    if (magnitude == 0) magnitude = std::abs(values[i]);
    if (values[i] == 0 || std::abs(values[i]) != magnitude) return std::nullopt;
  }
  return values.empty() ? std::nullopt : std::optional(magnitudes);
}

QuantizedType ScaledBy(QuantizedType type, const std::vector<int32_t>& factors) {
  if (!nn::QuantizedAxis(type)) return nn::Rescaled(type, factors[0], -1, 1);
  auto per_axis = llvm::cast<mlir::quant::UniformQuantizedPerAxisType>(type);
  llvm::SmallVector<double> scales(per_axis.getScales());
  for (size_t i = 0; i < scales.size(); ++i) scales[i] *= factors[i];
  return mlir::quant::UniformQuantizedPerAxisType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(), scales,
      per_axis.getZeroPoints(), per_axis.getQuantizedDimension(), -1, 1);
}

bool IsSymmetric(QuantizedType type) {
  if (!type.isSigned()) return false;
  auto per_axis = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(type);
  if (!per_axis) return nn::ZeroPointOf(type) == 0;
  return llvm::all_of(per_axis.getZeroPoints(), [](int64_t zero) { return zero == 0; });
}

// The smallest signed bounds that hold all values.
std::pair<int64_t, int64_t> NarrowBounds(const nn::Tensor& tensor) {
  int64_t low = -2, high = 1;
  for (int64_t value : tensor.stored()) {
    while (value < low || value > high) low *= 2, high = -low - 1;
  }
  return {low, high};
}

QuantizedType SignedBytes(llvm::ArrayRef<double> scales, std::optional<int64_t> axis, int64_t min,
                          int64_t max, mlir::OpBuilder& b) {
  constexpr unsigned kSigned = mlir::quant::QuantizationFlags::Signed;
  if (!axis)
    return mlir::quant::UniformQuantizedType::get(kSigned, b.getI8Type(), b.getF32Type(), scales[0],
                                                  0, min, max);
  const llvm::SmallVector<int64_t> zeros(scales.size(), 0);
  return mlir::quant::UniformQuantizedPerAxisType::get(kSigned, b.getI8Type(), b.getF32Type(),
                                                       scales, zeros, *axis, min, max);
}

// dequantize(constant) with zero points: signed integers around 0, if they fit 8 bits.
struct CenterWeight : mlir::OpRewritePattern<nn::DequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::DequantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto constant = op.getInput().getDefiningOp<nn::ConstantOp>();
    QuantizedType type = nn::QuantizedElement(op.getInput().getType());
    if (!constant || IsSymmetric(type)) return mlir::failure();
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok()) return mlir::failure();
    const auto axis = nn::QuantizedAxis(type);
    const Channels channels(tensor->shape, axis);
    auto& values = std::get<nn::Tensor::Stored>(tensor->data);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] -= static_cast<int32_t>(nn::ZeroPointOf(type, channels.Of(i)));
    auto [low, high] = NarrowBounds(*tensor);
    if (low < -128) return mlir::failure();
    std::vector<double> scales(channels.count);
    for (int64_t c = 0; c < channels.count; ++c) scales[c] = nn::ScaleOf(type, c);
    return ReplaceByParameter(rewriter, op, constant, *tensor,
                              SignedBytes(scales, axis, low, high, rewriter));
  }
};

// A float weight of a quantized input whose columns hold one magnitude each has 1 bit.
struct BinarizeFloatWeight : mlir::OpRewritePattern<nn::LinearOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::LinearOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto constant = op.getWeight().getDefiningOp<nn::ConstantOp>();
    if (!constant || !nn::IsQuantized(op.getInput().getType()) ||
        nn::IsQuantized(constant.getType()))
      return mlir::failure();
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok() || !tensor->is_float() || tensor->shape[0] < 2) return mlir::failure();
    const nn::Tensor::Floats values = tensor->floats();
    auto magnitudes = TwoValuedMagnitudes(values, Channels(tensor->shape, 1));
    if (!magnitudes || !llvm::all_of(*magnitudes, [](float m) { return std::isfinite(m); }))
      return mlir::failure();
    nn::Tensor::Stored signs(values.size());
    for (size_t i = 0; i < values.size(); ++i) signs[i] = values[i] > 0 ? 1 : -1;
    tensor->data = std::move(signs);
    const bool one_scale = llvm::all_equal(*magnitudes);
    const std::vector<double> scales(magnitudes->begin(), magnitudes->end());
    auto type =
        SignedBytes(scales, one_scale ? std::nullopt : std::optional<int64_t>(1), -1, 1, rewriter);
    nn::ConstantOp binary = MakeParameter(rewriter, constant, *tensor, type);
    rewriter.modifyOpInPlace(op, [&] { op.getWeightMutable().assign(binary); });
    return mlir::success();
  }
};

// dequantize(constant): bounds from the values.
struct InferWeightBits : mlir::OpRewritePattern<nn::DequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::DequantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto constant = op.getInput().getDefiningOp<nn::ConstantOp>();
    QuantizedType type = nn::QuantizedElement(op.getInput().getType());
    if (!constant || !IsSymmetric(type) || nn::BitWidth(type) == 1) return mlir::failure();
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok()) return mlir::failure();
    QuantizedType inferred;
    const Channels channels(tensor->shape, nn::QuantizedAxis(type));
    if (auto magnitudes = TwoValuedMagnitudes(tensor->stored(), channels)) {
      inferred = ScaledBy(type, *magnitudes);
      for (int32_t& value : std::get<nn::Tensor::Stored>(tensor->data)) value = value > 0 ? 1 : -1;
    } else {
      auto [low, high] = NarrowBounds(*tensor);
      if (high >= type.getStorageTypeMax() || low <= type.getStorageTypeMin())
        return mlir::failure();
      inferred = nn::WithBounds(type, low, high);
    }
    return ReplaceByParameter(rewriter, op, constant, *tensor, inferred);
  }
};

// transpose, reshape or slice of dequantize(constant): rearrange the constant.
template <typename Op>
struct RearrangeParameter : mlir::OpRewritePattern<Op> {
  using mlir::OpRewritePattern<Op>::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter& rewriter) const override {
    auto dequantize = op.getInput().template getDefiningOp<nn::DequantizeOp>();
    if (!dequantize) return mlir::failure();
    auto constant = dequantize.getInput().template getDefiningOp<nn::ConstantOp>();
    QuantizedType type = nn::QuantizedElement(dequantize.getInput().getType());
    if (!constant || (nn::QuantizedAxis(type) && !llvm::isa<nn::TransposeOp>(op)))
      return mlir::failure();
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok()) return mlir::failure();
    const nn::Tensor* operand = &*tensor;
    auto moved = nn::EvaluateNn(op, operand);
    if (!moved.ok()) return mlir::failure();
    return ReplaceByParameter(rewriter, op, constant, *moved, MovedType(op, type));
  }

  static QuantizedType MovedType(Op op, QuantizedType type) {
    if constexpr (std::is_same_v<Op, nn::TransposeOp>) {
      if (auto axis = nn::QuantizedAxis(type)) {
        auto perm = op.getPerm();
        return nn::WithAxis(type, std::find(perm.begin(), perm.end(), *axis) - perm.begin());
      }
    }
    return type;
  }
};

// quantize of a parameter (fake quantization, or a weight quantized a second time): its integers.
struct FoldQuantizedParameter : mlir::OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(nn::QuantizeOp op,
                                      mlir::PatternRewriter& rewriter) const override {
    auto parameter = MatchParameter(op.getInput());
    if (!parameter) return mlir::failure();
    const nn::Tensor* operand = &*parameter;
    auto stored = nn::EvaluateNn(op, operand);
    if (!stored.ok()) return mlir::failure();
    rewriter.replaceOp(op, nn::MakeConstant(rewriter, op.getLoc(), *stored,
                                            llvm::cast<mlir::RankedTensorType>(op.getType()),
                                            IsPublicParameter(op.getInput())));
    return mlir::success();
  }
};

// Arithmetic on parameters, some of them dequantized: a float parameter. It is as public as all of
// its operands are.
template <typename Op>
struct FoldParameters : mlir::OpRewritePattern<Op> {
  using mlir::OpRewritePattern<Op>::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter& rewriter) const override {
    llvm::SmallVector<nn::Tensor> tensors;
    bool is_public = true;
    for (mlir::Value operand : op->getOperands()) {
      auto parameter = MatchParameter(operand);
      if (!parameter) return mlir::failure();
      tensors.push_back(*std::move(parameter));
      is_public = is_public && IsPublicParameter(operand);
    }
    auto type = llvm::cast<mlir::RankedTensorType>(op->getResult(0).getType());
    if (!type.getElementType().isF32()) return mlir::failure();
    llvm::SmallVector<const nn::Tensor*> operands;
    for (const nn::Tensor& tensor : tensors) operands.push_back(&tensor);
    auto folded = nn::EvaluateNn(op, operands);
    if (!folded.ok()) return mlir::failure();
    rewriter.replaceOp(op, nn::MakeConstant(rewriter, op.getLoc(), *folded, type, is_public));
    return mlir::success();
  }
};

}  // namespace

void AddWeightPatterns(mlir::RewritePatternSet& patterns) {
  patterns
      .add<CenterWeight, BinarizeFloatWeight, InferWeightBits, RearrangeParameter<nn::TransposeOp>,
           RearrangeParameter<nn::ReshapeOp>, RearrangeParameter<nn::SliceOp>,
           FoldQuantizedParameter, FoldParameters<nn::BinaryOp>, FoldParameters<nn::UnaryOp>,
           FoldParameters<nn::ConcatOp>, FoldParameters<nn::BroadcastOp>>(patterns.getContext());
}

}  // namespace mpcc
