// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/public_quantizers.h"

#include "ir/nn/plain.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc {
namespace {

using mlir::quant::QuantizedType;

class Opener {
 public:
  explicit Opener(mlir::func::FuncOp function)
      : function_(function), builder_(function.getContext()) {}

  void Run() {
    // 1. A product reads the reals that its operands stand for.
    for (mlir::Operation& op : llvm::make_early_inc_range(function_.getBody().front()))
      if (llvm::isa<nn::MatMulOp, nn::LinearOp>(op)) OpenProduct(&op);
    // 2. A dequantizer's scales are in the type of its operand, which step 3 takes away.
    function_.walk(
        [&](nn::DequantizeOp op) { types_[op] = nn::QuantizedElement(op.getInput().getType()); });
    // 3. Quantized elements become i64.
    for (mlir::Operation& op :
         llvm::make_early_inc_range(function_.getBody().front().without_terminator())) {
      builder_.setInsertionPoint(&op);
      llvm::TypeSwitch<mlir::Operation*>(&op)
          .Case([&](nn::QuantizeOp o) { Open(o); })
          .Case([&](nn::DequantizeOp o) { Open(o); })
          .Case([&](nn::ConstantOp o) { Open(o); })
          .Default([&](mlir::Operation* other) { Retype(other); });
    }
    // 4. So do those among the results.
    function_.setType(
        builder_.getFunctionType(function_.getArgumentTypes(),
                                 function_.getBody().front().getTerminator()->getOperandTypes()));
  }

 private:
  mlir::RankedTensorType Integers(mlir::Value value) {
    return llvm::cast<mlir::RankedTensorType>(value.getType()).clone(builder_.getI64Type());
  }

  // Scale and zero point as constants of the data owner.
  std::pair<mlir::Value, mlir::Value> Scales(QuantizedType type, mlir::Value quantized) {
    const auto axis = nn::QuantizedAxis(type);
    auto shape = llvm::cast<mlir::RankedTensorType>(quantized.getType()).getShape();
    const int64_t count = axis ? shape[*axis] : 1;
    nn::Tensor scale{{count}, nn::Tensor::Floats()}, zero{{count}, nn::Tensor::Ints()};
    for (int64_t c = 0; c < count; ++c) {
      std::get<nn::Tensor::Floats>(scale.data).push_back(static_cast<float>(nn::ScaleOf(type, c)));
      std::get<nn::Tensor::Ints>(zero.data).push_back(nn::ZeroPointOf(type, c));
    }
    auto row = [&](mlir::Type element) { return mlir::RankedTensorType::get({count}, element); };
    mlir::Location loc = quantized.getLoc();
    return {nn::MakeConstant(builder_, loc, scale, row(builder_.getF32Type()), true),
            nn::MakeConstant(builder_, loc, zero, row(builder_.getI64Type()), true)};
  }

  void OpenProduct(mlir::Operation* op) {
    builder_.setInsertionPoint(op);
    for (mlir::OpOperand& operand : op->getOpOperands()) {
      mlir::Value q = operand.get();
      if (!nn::IsQuantized(q.getType())) continue;
      auto real = llvm::cast<mlir::RankedTensorType>(q.getType()).clone(builder_.getF32Type());
      operand.set(builder_.create<nn::DequantizeOp>(q.getLoc(), real, q));
    }
    auto linear = llvm::dyn_cast<nn::LinearOp>(op);
    if (!linear) return;
    mlir::Value result = builder_.create<nn::MatMulOp>(linear.getLoc(), linear.getType(),
                                                       linear.getInput(), linear.getWeight());
    if (linear.getBias())
      result = builder_.create<nn::BinaryOp>(linear.getLoc(), linear.getType(), nn::BinaryKind::add,
                                             result, linear.getBias());
    linear.replaceAllUsesWith(result);
    linear.erase();
  }

  // By the plaintext operator of its name.
  void Replace(mlir::Operation* op, mlir::Value quantized, QuantizedType type, mlir::Type result,
               llvm::ArrayRef<int64_t> bounds) {
    auto [scale, zero] = Scales(type, quantized);
    llvm::SmallVector<int64_t> ints{nn::QuantizedAxis(type).value_or(0)};
    ints.append(bounds.begin(), bounds.end());
    auto plain =
        builder_.create<nn::PlainOp>(op->getLoc(), result, op->getName().stripDialect(),
                                     mlir::ValueRange{op->getOperand(0), scale, zero}, ints);
    op->getResult(0).replaceAllUsesWith(plain.getResult());
    op->erase();
  }

  void Open(nn::QuantizeOp op) {
    QuantizedType type = nn::QuantizedElement(op.getResult().getType());
    Replace(op, op.getResult(), type, Integers(op.getResult()),
            {type.getStorageTypeMin(), type.getStorageTypeMax()});
  }

  void Open(nn::DequantizeOp op) {
    Replace(op, op.getInput(), types_.lookup(op), op.getType(), {});
  }

  // Stored integers of the public part.
  void Open(nn::ConstantOp op) {
    if (!op.getIsPublic() || !nn::IsQuantized(op.getType())) return;
    auto tensor = nn::GetConstantTensor(op);
    if (!tensor.ok()) return;  // codegen refuses the constant
    const nn::Tensor wide{tensor->shape,
                          nn::Tensor::Ints(tensor->stored().begin(), tensor->stored().end())};
    op.replaceAllUsesWith(
        nn::MakeConstant(builder_, op.getLoc(), wide, Integers(op.getResult()), true).getResult());
    op.erase();
  }

  void Retype(mlir::Operation* op) {
    for (mlir::Value result : op->getResults())
      if (nn::IsQuantized(result.getType())) result.setType(Integers(result));
  }

  mlir::func::FuncOp function_;
  mlir::OpBuilder builder_;
  llvm::DenseMap<mlir::Operation*, QuantizedType> types_;
};

}  // namespace

void OpenPublicQuantizers(mlir::func::FuncOp function) { Opener(function).Run(); }

}  // namespace mpcc
