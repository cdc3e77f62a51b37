// SPDX-License-Identifier: Apache-2.0
// Builds nn ops on what P1 computes in the clear: reals with numpy broadcasting.
#ifndef MPCC_PASSES_LOWER_PLAIN_BUILDER_H_
#define MPCC_PASSES_LOWER_PLAIN_BUILDER_H_

#include "ir/nn/nn.h"
#include "ir/nn/types.h"

namespace mpcc {

class PlainBuilder {
 public:
  using Value = mlir::Value;

  PlainBuilder(mlir::OpBuilder& b, mlir::Location loc) : b_(b), loc_(loc) {}

  Value Number(double value) {
    mlir::RankedTensorType one = Type({1});
    auto number =
        mlir::DenseElementsAttr::get(one, b_.getF32FloatAttr(static_cast<float>(value)).getValue());
    return b_.create<nn::ConstantOp>(loc_, one, number, /*is_public=*/true);
  }
  Value Binary(nn::BinaryKind kind, Value a, Value b) {
    mlir::RankedTensorType type = Type(*nn::BroadcastShapes(ShapeOf(a), ShapeOf(b)));
    return b_.create<nn::BinaryOp>(loc_, type, kind, a, b);
  }
  Value Less(Value a, Value b) {
    auto shape = nn::BroadcastShapes(ShapeOf(a), ShapeOf(b));
    auto type = mlir::RankedTensorType::get(*shape, b_.getI1Type());
    return b_.create<nn::BinaryOp>(loc_, type, nn::BinaryKind::less, a, b);
  }
  Value Select(Value condition, Value a, Value b) {
    auto values = nn::BroadcastShapes(ShapeOf(a), ShapeOf(b));
    mlir::RankedTensorType type = Type(*nn::BroadcastShapes(ShapeOf(condition), *values));
    return b_.create<nn::SelectOp>(loc_, type, condition, a, b);
  }
  // The largest element of each row, kept as a row of one.
  Value RowMax(Value x) {
    llvm::SmallVector<int64_t> shape(ShapeOf(x));
    shape.back() = 1;
    auto last = b_.getDenseI64ArrayAttr({static_cast<int64_t>(shape.size()) - 1});
    return b_.create<nn::ReduceOp>(loc_, Type(shape), nn::ReduceKind::max, x, last);
  }

 private:
  static llvm::ArrayRef<int64_t> ShapeOf(Value value) {
    return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
  }
  mlir::RankedTensorType Type(llvm::ArrayRef<int64_t> shape) {
    return mlir::RankedTensorType::get(shape, b_.getF32Type());
  }

  mlir::OpBuilder& b_;
  mlir::Location loc_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_PLAIN_BUILDER_H_
