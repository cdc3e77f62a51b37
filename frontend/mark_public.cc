// SPDX-License-Identifier: Apache-2.0
#include "frontend/mark_public.h"

#include "ir/nn/nn.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "llvm/ADT/SetVector.h"

namespace mpcc {
namespace {

// The elements of a value computed from constants alone.
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

// The public twins of parameters: one constant each, so that the data owner's plan has numbers and
// not how they were made.
class Twins {
 public:
  explicit Twins(const llvm::SetVector<mlir::Operation*>& visible_ops)
      : visible_ops_(visible_ops) {}

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
    auto tensor = Evaluate(value);
    if (!tensor.ok()) return {};
    return nn::MakeConstant(builder, value.getLoc(), *tensor,
                            llvm::cast<mlir::RankedTensorType>(value.getType()), true);
  }

  const llvm::SetVector<mlir::Operation*>& visible_ops_;
  llvm::DenseMap<mlir::Value, mlir::Value> twins_;
};

// Secret values are real numbers: none is infinite or NaN.
void AnswerIsNumber(nn::PlainOp op, mlir::RewriterBase& rewriter) {
  if (!llvm::is_contained({"is_nan", "is_positive_infinity", "is_negative_infinity"}, op.getName()))
    return;
  rewriter.setInsertionPoint(op);
  auto type = llvm::cast<mlir::RankedTensorType>(op.getType());
  nn::Tensor no{{}, nn::Tensor::Ints{0}};
  no.shape.assign(type.getRank(), 1);
  mlir::Value one = nn::MakeConstant(rewriter, op.getLoc(), no,
                                     mlir::RankedTensorType::get(no.shape, type.getElementType()));
  rewriter.replaceOpWithNewOp<nn::BroadcastOp>(op, type, one);
}

}  // namespace

void MarkPublic(mlir::func::FuncOp function) {
  nn::VisibilityAnalysis visibility(function, nn::Unmarked::kUndecided);
  mlir::IRRewriter rewriter(function.getContext(), &visibility);
  for (auto plain : llvm::make_early_inc_range(function.getOps<nn::PlainOp>()))
    if (!visibility.IsVisible(plain.getResult())) AnswerIsNumber(plain, rewriter);
  llvm::SetVector<mlir::Operation*> visible_ops;
  for (mlir::Operation& op : function.getBody().front().without_terminator())
    if (visibility.IsVisible(op.getResult(0))) visible_ops.insert(&op);
  Twins twins(visible_ops);
  for (mlir::Operation* op : visible_ops)
    for (mlir::OpOperand& operand : op->getOpOperands())
      if (!visibility.IsVisible(operand.get())) twins.SetPublic(operand);
}

}  // namespace mpcc
