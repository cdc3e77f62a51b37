// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/softmax_masks.h"

#include "passes/lower/plain_builder.h"

namespace mpcc {
namespace {

// Whether a mask, if there is one, says different things of the elements of a row.
bool VariesInRows(mlir::Value mask) {
  auto shape = mask ? llvm::cast<mlir::RankedTensorType>(mask.getType()).getShape()
                    : llvm::ArrayRef<int64_t>();
  return !shape.empty() && shape.back() > 1;
}

// A float summand of this size has no bits left for scores.
constexpr double kAbsorbs = -1e6;

}  // namespace

mlir::Value MaskShare(Rewriter& rewriter, nn::SoftmaxOp op, int width, int64_t value_log2) {
  mlir::Value mask = op.getMask();
  const auto key = std::make_tuple(mask.getAsOpaquePointer(), width, value_log2);
  if (auto known = rewriter.masks.find(key); known != rewriter.masks.end()) return known->second;
  auto type = llvm::cast<mlir::RankedTensorType>(mask.getType());
  mlir::OpBuilder& b = rewriter.emit.builder();
  auto one = mlir::RankedTensorType::get({1}, b.getF32Type());
  mlir::Value limit = b.create<nn::ConstantOp>(
      op.getLoc(), one, mlir::DenseElementsAttr::get(one, b.getF32FloatAttr(-1000).getValue()),
      true);
  mlir::Value dropped = b.create<nn::BinaryOp>(op.getLoc(), type.clone(b.getI1Type()),
                                               nn::BinaryKind::less, mask, limit);
  dropped = b.create<nn::UnaryOp>(op.getLoc(), type, nn::UnaryKind::cast, dropped);
  // The ring holds -2^(w-1), not 2^(w-1); modulo 2^w they are one.
  dropped = b.create<nn::UnaryOp>(op.getLoc(), type, nn::UnaryKind::neg, dropped);
  return rewriter.masks[key] =
             rewriter.emit.InputLocal(rewriter.emit.Encode(dropped, value_log2, width));
}

// The summands relative to the largest of their row, which changes no probability.
mlir::Value AdditiveMaskShare(Rewriter& rewriter, nn::SoftmaxOp op, const SoftmaxWidths& w,
                              int below) {
  using Kind = nn::BinaryKind;
  if (!VariesInRows(op.getMask())) return {};
  const int width = w.index + below;
  const auto key = std::make_tuple(op.getMask().getAsOpaquePointer(), width, int64_t{w.digit});
  if (auto known = rewriter.masks.find(key); known != rewriter.masks.end()) return known->second;
  PlainBuilder b(rewriter.emit.builder(), op.getLoc());
  // Infinite summands become the largest number, so that differences of two are numbers.
  mlir::Value mask =
      b.Binary(Kind::max, op.getMask(), b.Number(std::numeric_limits<float>::lowest()));
  // A row of huge summands has lost its scores in ONNX: no number stands for it.
  mlir::Value zero = b.Number(0), none = b.Binary(Kind::div, zero, zero), top = b.RowMax(mask);
  top = b.Select(b.Less(top, b.Number(kAbsorbs)), none, top);
  mlir::Value relative = b.Binary(Kind::sub, mask, top);
  mlir::Value dropped = b.Less(relative, b.Number(-LowestSummand(w) * std::log(2.0)));
  mlir::Value steps =
      b.Binary(Kind::mul, relative, b.Number(std::ldexp(1 / std::log(2.0), w.steps_log2)));
  mlir::Value index = b.Select(dropped, b.Number(-std::ldexp(1.0, w.index - 1)), steps);
  return rewriter.masks[key] = rewriter.emit.InputLocal(rewriter.emit.Encode(index, below, width));
}

}  // namespace mpcc
