// SPDX-License-Identifier: Apache-2.0
// Pattern sets and matchers shared by the nn passes.
#ifndef MPCC_PASSES_NN_PATTERNS_H_
#define MPCC_PASSES_NN_PATTERNS_H_

#include <optional>

#include "ir/nn/nn.h"
#include "ir/nn/visibility.h"
#include "ir/reference/tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mpcc {

// raise_layer_norm.cc, raise_activation.cc, raise_attention.cc, raise_mask.cc,
// raise_pooling.cc
void AddActivationPatterns(mlir::RewritePatternSet& patterns);
void AddAttentionPatterns(mlir::RewritePatternSet& patterns);
// These ask who sees values. `visibility` must listen to the rewriter. What quantizers of at most
// `rounded_bits` bits round is not read through.
void AddLayerNormPatterns(mlir::RewritePatternSet& patterns,
                          const nn::VisibilityAnalysis& visibility, int rounded_bits);
void AddMaskPatterns(mlir::RewritePatternSet& patterns, const nn::VisibilityAnalysis& visibility);
void AddPoolingPatterns(mlir::RewritePatternSet& patterns,
                        const nn::VisibilityAnalysis& visibility);

// canonicalize_clips.cc (with canonicalize_weights.cc), canonicalize_products.cc
void AddWidthPatterns(mlir::RewritePatternSet& patterns);
void AddWeightPatterns(mlir::RewritePatternSet& patterns);
void AddProductPatterns(mlir::RewritePatternSet& patterns);

// Of this file alone: the frontend has functions of these names that give other types.
static inline llvm::ArrayRef<int64_t> ShapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}
static inline mlir::Type ElementOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getElementType();
}

// The real behind quantizers whose results are read as reals again; `value` itself if there are
// none. Composites are recognized through such pairs, which are left out inside them.
mlir::Value Real(mlir::Value value);
// Whether one of these quantizers has at most `bits` bits, and one scale.
bool IsRounded(mlir::Value value, int bits);
// True if both are one value but for such quantizers; false for a null value.
bool IsSameReal(mlir::Value a, mlir::Value b);

// The op behind `value` and such quantizers if it is a binary op of this kind.
nn::BinaryOp MatchBinary(mlir::Value value, nn::BinaryKind kind);
nn::UnaryOp MatchUnary(mlir::Value value, nn::UnaryKind kind);
// `value` = reduce of this kind over exactly the last axis.
nn::ReduceOp MatchLastReduce(mlir::Value value, nn::ReduceKind kind);

// A float constant, dequantized if need be; nothing for computed values.
std::optional<nn::Tensor> MatchParameter(mlir::Value value);
bool IsParameter(mlir::Value value);
bool IsPublicParameter(mlir::Value value);
// The one number of a constant whose elements are all equal.
std::optional<double> MatchScalar(mlir::Value value);
bool IsNear(std::optional<double> value, double wanted, double relative = 1e-4);

// A value behind ops that repeat, rename or only quantize elements: broadcast, reshape, cast,
// dequantize of quantize.
mlir::Value Peel(mlir::Value value);

// Replaces `root` by `value` and gives the op behind `value` the range of `root`.
void ReplaceWithRange(mlir::PatternRewriter& rewriter, mlir::Operation* root, mlir::Value value);

}  // namespace mpcc

#endif  // MPCC_PASSES_NN_PATTERNS_H_
