// SPDX-License-Identifier: Apache-2.0
#include "frontend/mark_public.h"

#include "ir/nn/nn.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "llvm/ADT/DenseSet.h"

namespace mpcc {
namespace {

using Values = llvm::DenseSet<mlir::Value>;

// Values computed from constants alone.
class Parameters {
 public:
  bool Contains(mlir::Value value) {
    mlir::Operation* op = value.getDefiningOp();
    if (!op) return false;
    if (llvm::isa<nn::ConstantOp>(op)) return true;
    const auto [place, is_new] = known_.try_emplace(value, false);
    if (!is_new) return place->second;
    const bool all = llvm::all_of(op->getOperands(), [&](mlir::Value v) { return Contains(v); });
    return known_[value] = all;
  }

  // Its elements. REQUIRES: Contains(value).
  absl::StatusOr<nn::Tensor> Evaluate(mlir::Value value) {
    mlir::Operation* op = value.getDefiningOp();
    if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op)) return nn::GetConstantTensor(constant);
    std::vector<nn::Tensor> operands;
    for (mlir::Value operand : op->getOperands()) {
      auto tensor = Evaluate(operand);
      if (!tensor.ok()) return tensor.status();
      operands.push_back(*std::move(tensor));
    }
    llvm::SmallVector<const nn::Tensor*> pointers;
    for (const nn::Tensor& operand : operands) pointers.push_back(&operand);
    return nn::EvaluateNn(op, pointers);
  }

 private:
  llvm::DenseMap<mlir::Value, bool> known_;
};

bool IsVisible(mlir::Operation* op, const Values& visible, Parameters& parameters) {
  bool from_data = false;
  for (mlir::Value operand : op->getOperands()) {
    if (visible.contains(operand)) {
      from_data = true;
    } else if (!parameters.Contains(operand)) {
      return false;
    }
  }
  if (!from_data) return false;
  if (llvm::isa<nn::LinearOp>(op)) return false;
  if (auto product = llvm::dyn_cast<nn::MatMulOp>(op))
    return visible.contains(product.getLhs()) && visible.contains(product.getRhs());
  return true;
}

// The public twins of parameters: one constant each, so that the data owner's plan has numbers and
// not how they were made.
class Twins {
 public:
  Twins(Parameters& parameters, const llvm::DenseSet<mlir::Operation*>& visible_ops)
      : parameters_(parameters), visible_ops_(visible_ops) {}

  void SetPublic(mlir::OpOperand& operand) {
    mlir::Value value = operand.get();
    auto constant = value.getDefiningOp<nn::ConstantOp>();
    const bool only_public = llvm::all_of(
        value.getUsers(), [&](mlir::Operation* user) { return visible_ops_.contains(user); });
    if (constant && only_public) return constant.setIsPublic(true);
    mlir::Value& twin = twins_[value];
    if (!twin) twin = MakeTwin(value);
    if (twin) operand.set(twin);
  }

 private:
  // Null if the value cannot be computed; codegen then refuses the private one.
  mlir::Value MakeTwin(mlir::Value value) {
    mlir::Operation* op = value.getDefiningOp();
    mlir::OpBuilder builder(op);
    if (llvm::isa<nn::ConstantOp>(op)) {
      auto twin = llvm::cast<nn::ConstantOp>(builder.clone(*op));
      twin.setIsPublic(true);
      return twin;
    }
    auto tensor = parameters_.Evaluate(value);
    if (!tensor.ok()) return {};
    return nn::MakeConstant(builder, value.getLoc(), *tensor,
                            llvm::cast<mlir::RankedTensorType>(value.getType()), true);
  }

  Parameters& parameters_;
  const llvm::DenseSet<mlir::Operation*>& visible_ops_;
  llvm::DenseMap<mlir::Value, mlir::Value> twins_;
};

// Secret values are real numbers: none is infinite or NaN.
void AnswerIsNumber(nn::PlainOp op) {
  if (!llvm::is_contained({"is_nan", "is_positive_infinity", "is_negative_infinity"}, op.getName()))
    return;
  mlir::OpBuilder builder(op);
  auto type = llvm::cast<mlir::RankedTensorType>(op.getType());
  nn::Tensor no{{}, nn::Tensor::Ints{0}};
  no.shape.assign(type.getRank(), 1);
  mlir::Value one = nn::MakeConstant(builder, op.getLoc(), no,
                                     mlir::RankedTensorType::get(no.shape, type.getElementType()));
  op.replaceAllUsesWith(builder.create<nn::BroadcastOp>(op.getLoc(), type, one).getResult());
}

}  // namespace

void MarkPublic(mlir::func::FuncOp function) {
  Parameters parameters;
  Values visible(function.getArguments().begin(), function.getArguments().end());
  llvm::DenseSet<mlir::Operation*> visible_ops;
  llvm::SmallVector<mlir::Operation*> order;
  for (mlir::Operation& op : function.getBody().front().without_terminator()) {
    if (!IsVisible(&op, visible, parameters)) {
      if (auto plain = llvm::dyn_cast<nn::PlainOp>(op)) AnswerIsNumber(plain);
      continue;
    }
    visible.insert(op.getResult(0));
    visible_ops.insert(&op);
    order.push_back(&op);
  }
  Twins twins(parameters, visible_ops);
  for (mlir::Operation* op : order) {
    for (mlir::OpOperand& operand : op->getOpOperands())
      if (!visible.contains(operand.get())) twins.SetPublic(operand);
  }
}

}  // namespace mpcc
