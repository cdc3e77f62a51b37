// SPDX-License-Identifier: Apache-2.0
// Folds and canonical forms of the mpc dialect: chains of one local operation become one, and
// openings that nobody reads disappear. None changes a value or a rounding.
#include "ir/mpc/mpc.h"
#include "llvm/ADT/MapVector.h"
#include "mlir/IR/PatternMatch.h"

namespace mpcc::mpc {

using mlir::LogicalResult;
using mlir::OpFoldResult;
using mlir::PatternRewriter;
using mlir::RewritePatternSet;

namespace {

// What a pass has marked (mpc.leak) stands for a decision that must stay visible.
bool IsMarked(mlir::Operation* op) { return !op->getDiscardableAttrs().empty(); }

// The operation of the same kind before `op`, if neither is marked.
template <typename Op>
Op UnmarkedBefore(Op op) {
  auto inner = op.getInput().template getDefiningOp<Op>();
  return inner && !IsMarked(inner) && !IsMarked(op) ? inner : Op();
}

// op(op(x)) for an operation that is determined by its result type alone.
template <typename Op>
LogicalResult MergeByType(Op op, PatternRewriter& rewriter) {
  Op inner = UnmarkedBefore(op);
  if (!inner) return mlir::failure();
  rewriter.replaceOpWithNewOp<Op>(op, op.getType(), inner.getInput());
  return mlir::success();
}

// The integers wrap as i64, which every ring up to 64 bits divides.
template <typename Op, typename Combine>
LogicalResult MergeByValue(Op op, PatternRewriter& rewriter, Combine combine) {
  Op inner = UnmarkedBefore(op);
  if (!inner) return mlir::failure();
  auto value = static_cast<int64_t>(combine(inner.getValue(), op.getValue()));
  rewriter.replaceOpWithNewOp<Op>(op, op.getType(), inner.getInput(),
                                  rewriter.getI64IntegerAttr(value));
  return mlir::success();
}

// Keeps one result for each used, distinct operand. Streams, if any, are left alone.
template <typename Op>
LogicalResult KeepUsedOpenings(Op op, PatternRewriter& rewriter) {
  if (op.getStreams()) return mlir::failure();
  llvm::MapVector<mlir::Value, mlir::Type> kept;
  for (auto [input, result] : llvm::zip(op.getInputs(), op.getResults()))
    if (!result.use_empty()) kept.insert({input, result.getType()});
  if (kept.size() == op.getNumResults()) return mlir::failure();
  if (kept.empty()) {
    rewriter.eraseOp(op);
    return mlir::success();
  }
  llvm::SmallVector<mlir::Value> inputs(llvm::make_first_range(kept));
  llvm::SmallVector<mlir::Type> types(llvm::make_second_range(kept));
  auto smaller = rewriter.create<Op>(op.getLoc(), types, inputs, mlir::DenseI64ArrayAttr());
  llvm::SmallVector<mlir::Value> replacements;
  for (mlir::Value input : op.getInputs()) {
    auto position = llvm::find(inputs, input);
    replacements.push_back(position == inputs.end()
                               ? mlir::Value(smaller.getResult(0))  // has no uses
                               : smaller.getResult(position - inputs.begin()));
  }
  for (auto [result, replacement] : llvm::zip(op.getResults(), replacements))
    if (!result.use_empty()) rewriter.replaceAllUsesWith(result, replacement);
  rewriter.eraseOp(op);
  return mlir::success();
}

LogicalResult MergeSums(AddPublicOp op, PatternRewriter& rewriter) {
  return MergeByValue(op, rewriter, std::plus<uint64_t>());
}

LogicalResult MergeFactors(MulPublicOp op, PatternRewriter& rewriter) {
  return MergeByValue(op, rewriter, std::multiplies<uint64_t>());
}

LogicalResult MergeTransposes(TransposeOp op, PatternRewriter& rewriter) {
  TransposeOp inner = UnmarkedBefore(op);
  if (!inner) return mlir::failure();
  llvm::SmallVector<int64_t> perm;
  for (int64_t axis : op.getPerm()) perm.push_back(inner.getPerm()[axis]);
  rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getInput(), perm);
  return mlir::success();
}

LogicalResult MergeSlices(SliceOp op, PatternRewriter& rewriter) {
  SliceOp inner = UnmarkedBefore(op);
  if (!inner) return mlir::failure();
  llvm::SmallVector<int64_t> offsets;
  for (auto [a, b] : llvm::zip(inner.getOffsets(), op.getOffsets())) offsets.push_back(a + b);
  rewriter.replaceOpWithNewOp<SliceOp>(op, op.getType(), inner.getInput(), offsets);
  return mlir::success();
}

// The slice that two slices of one value make, the second one going on along `axis` where the first
// ends; null if they are no such slices.
SliceOp Adjoining(mlir::Value first, mlir::Value second, int64_t axis, PatternRewriter& rewriter) {
  auto a = first.getDefiningOp<SliceOp>(), b = second.getDefiningOp<SliceOp>();
  if (!a || !b || IsMarked(a) || IsMarked(b) || a.getInput() != b.getInput()) return {};
  llvm::SmallVector<int64_t> end(a.getOffsets());
  end[axis] += a.getType().getShape()[axis];
  if (b.getOffsets() != llvm::ArrayRef<int64_t>(end)) return {};
  llvm::SmallVector<int64_t> shape(a.getType().getShape());
  shape[axis] += b.getType().getShape()[axis];
  return rewriter.create<SliceOp>(a.getLoc(), a.getType().withShape(shape), a.getInput(),
                                  a.getOffsets());
}

LogicalResult MergeAdjoiningSlices(ConcatOp op, PatternRewriter& rewriter) {
  if (IsMarked(op)) return mlir::failure();
  const auto axis = static_cast<int64_t>(op.getAxis());
  for (unsigned i = 0; i + 1 < op.getInputs().size(); ++i) {
    SliceOp merged = Adjoining(op.getInputs()[i], op.getInputs()[i + 1], axis, rewriter);
    if (!merged) continue;
    llvm::SmallVector<mlir::Value> inputs(op.getInputs());
    inputs[i] = merged;
    inputs.erase(inputs.begin() + i + 1);
    rewriter.replaceOpWithNewOp<ConcatOp>(op, op.getType(), inputs, op.getAxis());
    return mlir::success();
  }
  return mlir::failure();
}

// An operation whose result has its input's type changes nothing.
template <typename Op>
OpFoldResult FoldSameType(Op op) {
  const bool same = op.getType() == op.getInput().getType() && !IsMarked(op);
  return same ? op.getInput() : OpFoldResult();
}

}  // namespace

OpFoldResult ReshapeOp::fold(FoldAdaptor) { return FoldSameType(*this); }
OpFoldResult ResizeOp::fold(FoldAdaptor) { return FoldSameType(*this); }
OpFoldResult SliceOp::fold(FoldAdaptor) { return FoldSameType(*this); }
OpFoldResult ExtractOp::fold(FoldAdaptor) { return FoldSameType(*this); }
OpFoldResult TruncateOp::fold(FoldAdaptor) { return FoldSameType(*this); }

OpFoldResult AddPublicOp::fold(FoldAdaptor) {
  return getValue() == 0 && !IsMarked(*this) ? getInput() : OpFoldResult();
}
OpFoldResult MulPublicOp::fold(FoldAdaptor) {
  return getValue() == 1 && !IsMarked(*this) ? getInput() : OpFoldResult();
}
OpFoldResult TransposeOp::fold(FoldAdaptor) {
  return llvm::is_sorted(getPerm()) && !IsMarked(*this) ? getInput() : OpFoldResult();
}
OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? getInputs().front() : mlir::Value();
}

void AddPublicOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeSums);
}
void MulPublicOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeFactors);
}
void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeByType<ReshapeOp>);
}
void ResizeOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeByType<ResizeOp>);
}
void TransposeOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeTransposes);
}
void ConcatOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeAdjoiningSlices);
}
void SliceOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(MergeSlices);
}
void ReshareOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(KeepUsedOpenings<ReshareOp>);
}
void InputOp::getCanonicalizationPatterns(RewritePatternSet& patterns, mlir::MLIRContext*) {
  patterns.add(KeepUsedOpenings<InputOp>);
}

}  // namespace mpcc::mpc
