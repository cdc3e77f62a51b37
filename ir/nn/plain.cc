// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/plain.h"

#include "ir/nn/types.h"
#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/TypeUtilities.h"

namespace mpcc::nn {
namespace {

using Ints = llvm::SmallVector<int64_t>;

PlainCall Row(llvm::StringRef name, Ints ints = {}, double real = 0) {
  return {plain::FindOperator({name.data(), name.size()}), std::move(ints), real};
}

Ints ShapeInts(mlir::Value value) {
  return Ints(llvm::cast<mlir::ShapedType>(value.getType()).getShape());
}

// f32, i64, truth values: the targets of a cast.
int64_t CastTarget(mlir::Type element) {
  return element.isF32() ? 0 : element.isInteger(64) ? 1 : 2;
}

Ints SliceInts(SliceOp op) {
  Ints ints(op.getOffsets());
  ints.append(op.getOffsets().size(), 1);
  ints.append(ShapeInts(op.getResult()));
  return ints;
}

PlainCall UnaryRow(UnaryOp op) {
  if (op.getKind() == UnaryKind::cast)
    return Row("cast", {CastTarget(mlir::getElementTypeOrSelf(op.getType()))});
  return Row(stringifyUnaryKind(op.getKind()));
}

bool ReadsQuantized(mlir::Operation* op) {
  return llvm::any_of(op->getOperandTypes(), [](mlir::Type type) { return IsQuantized(type); });
}

}  // namespace

std::optional<PlainCall> PlainCallOf(mlir::Operation* op) {
  if (llvm::isa<BinaryOp, MatMulOp>(op) && ReadsQuantized(op)) return std::nullopt;
  using Result = std::optional<PlainCall>;
  return llvm::TypeSwitch<mlir::Operation*, Result>(op)
      .Case([](PlainOp o) -> Result { return Row(o.getName(), Ints(o.getInts())); })
      .Case([](BinaryOp o) -> Result { return Row(stringifyBinaryKind(o.getKind())); })
      .Case([](UnaryOp o) -> Result { return UnaryRow(o); })
      .Case([](ReduceOp o) -> Result {
        return Row(("reduce_" + stringifyReduceKind(o.getKind())).str(), Ints(o.getAxes()));
      })
      .Case([](SelectOp) -> Result { return Row("select"); })
      .Case([](SoftmaxOp) -> Result { return Row("softmax"); })
      .Case([](LayerNormOp o) -> Result {
        return Row("layer_norm", {}, o.getEpsilon().convertToDouble());
      })
      .Case([](L2NormalizeOp o) -> Result {
        return Row("l2_normalize", {}, o.getEpsilon().convertToDouble());
      })
      .Case([](MeanPoolOp) -> Result { return Row("mean_pool"); })
      .Case([](MatMulOp o) -> Result { return Row("matmul", {o.getTransposeB() ? 1 : 0}); })
      .Case([](GatherOp) -> Result { return Row("gather", {0}); })
      .Case([](ReshapeOp o) -> Result { return Row("reshape", ShapeInts(o.getResult())); })
      .Case([](BroadcastOp o) -> Result { return Row("broadcast", ShapeInts(o.getResult())); })
      .Case([](TransposeOp o) -> Result { return Row("transpose", Ints(o.getPerm())); })
      .Case([](SliceOp o) -> Result { return Row("slice", SliceInts(o)); })
      .Case([](ConcatOp o) -> Result { return Row("concat", {static_cast<int64_t>(o.getAxis())}); })
      .Default(Result());
}

plain::Form FormOf(mlir::Type type) {
  auto shaped = llvm::cast<mlir::ShapedType>(type);
  const plain::Type element = shaped.getElementType().isF32() ? plain::Type::kF32
                              : IsQuantized(shaped)           ? plain::Type::kI32
                                                              : plain::Type::kI64;
  return {element, shaped.getShape().vec()};
}

absl::StatusOr<mlir::RankedTensorType> PlainResult(int number, mlir::TypeRange operands,
                                                   llvm::ArrayRef<int64_t> ints) {
  std::vector<plain::Form> forms;
  for (mlir::Type type : operands) forms.push_back(FormOf(type));
  auto form = plain::Infer(number, {forms, {ints.data(), ints.size()}});
  if (!form.ok()) return form.status();
  const int like = plain::Operators()[number].like;
  mlir::MLIRContext* context = operands.front().getContext();
  mlir::Type element = form->type == plain::Type::kF32 ? mlir::Type(mlir::Float32Type::get(context))
                       : like == plain::kTruth
                           ? mlir::Type(mlir::IntegerType::get(context, 1))
                           : llvm::cast<mlir::ShapedType>(operands[like]).getElementType();
  if (form->type == plain::Type::kI64 && element.isF32())
    element = mlir::IntegerType::get(context, 64);  // quantize
  return mlir::RankedTensorType::get(form->shape, element);
}

mlir::LogicalResult PlainOp::verify() {
  const int number = plain::FindOperator(getName().str());
  if (number < 0) return emitOpError() << "names no operator of runtime/plain";
  auto type = PlainResult(number, getOperandTypes(), getInts());
  if (!type.ok()) return emitOpError() << std::string(type.status().message());
  if (*type == getType()) return mlir::success();
  return emitOpError() << "gives " << getType() << ", expected " << *type;
}

}  // namespace mpcc::nn
