// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_interpreter.h"

#include <deque>

#include "fmt/format.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_plain.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace mpcc::nn {
namespace {

using Evaluator = absl::StatusOr<Tensor> (*)(mlir::Operation*, Operands);

template <typename Op>
absl::StatusOr<Tensor> Call(mlir::Operation* op, Operands in) {
  return Eval(llvm::cast<Op>(op), in);
}

template <typename... Ops>
llvm::StringMap<Evaluator> MakeTable() {
  llvm::StringMap<Evaluator> table;
  (table.try_emplace(Ops::getOperationName(), &Call<Ops>), ...);
  return table;
}

const llvm::StringMap<Evaluator>& Evaluators() {
  static const auto* table =
      new llvm::StringMap<Evaluator>(MakeTable<BinaryOp, MapOp, QuantizeOp, DequantizeOp, LinearOp,
                                               MatMulOp, VarianceOp, StandardizeOp>());
  return *table;
}

absl::Status CheckInput(size_t index, const Tensor& tensor, mlir::Type type) {
  auto shaped = llvm::cast<mlir::RankedTensorType>(type);
  const bool fits = shaped.getElementType().isF32() ? tensor.is_float()
                    : IsQuantized(shaped)           ? tensor.is_stored()
                                                    : tensor.is_int();
  if (!fits)
    return absl::InvalidArgumentError(fmt::format("input {} has the wrong element type", index));
  if (llvm::ArrayRef<int64_t>(tensor.shape) == shaped.getShape()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("input {} has the wrong shape", index));
}

// Values alive in one run.
class Frame {
 public:
  Frame(const Observer& observer, ConstantCache* constants)
      : observer_(observer), constants_(constants) {}

  void Set(mlir::Value value, Tensor tensor) { values_[value] = std::move(tensor); }

  // The tensor of `value`; `scratch` keeps a constant alive.
  absl::StatusOr<const Tensor*> Get(mlir::Value value, std::deque<Tensor>& scratch) {
    if (auto constant = value.getDefiningOp<ConstantOp>()) {
      if (constants_) return constants_->Get(constant);
      auto tensor = GetConstantTensor(constant);
      if (!tensor.ok()) return tensor.status();
      scratch.push_back(*std::move(tensor));
      return &scratch.back();
    }
    auto found = values_.find(value);
    if (found == values_.end()) return absl::InvalidArgumentError("operand has no nn meaning");
    return &found->second;
  }

  absl::Status Run(mlir::Operation* op) {
    std::deque<Tensor> scratch;
    llvm::SmallVector<const Tensor*> operands;
    for (mlir::Value operand : op->getOperands()) {
      auto tensor = Get(operand, scratch);
      if (!tensor.ok()) return tensor.status();
      operands.push_back(*tensor);
    }
    auto result = EvaluateNn(op, operands);
    if (!result.ok()) return result.status();
    if (observer_) observer_(op, operands, *result);
    Set(op->getResult(0), *std::move(result));
    return absl::OkStatus();
  }

 private:
  const Observer& observer_;
  ConstantCache* constants_;
  llvm::DenseMap<mlir::Value, Tensor> values_;
};

}  // namespace

absl::StatusOr<const Tensor*> ConstantCache::Get(ConstantOp constant) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Tensor>& cached = tensors_[constant];
  if (!cached) {
    auto tensor = GetConstantTensor(constant);
    if (!tensor.ok()) return tensor.status();
    cached = std::make_unique<Tensor>(*std::move(tensor));
  }
  return cached.get();
}

absl::StatusOr<Tensor> EvaluateNn(mlir::Operation* op, llvm::ArrayRef<const Tensor*> operands) {
  std::string name = op->getName().getStringRef().str();
  const auto call = PlainCallOf(op);
  auto evaluator = Evaluators().find(name);
  if (!call && evaluator == Evaluators().end())
    return absl::InvalidArgumentError(fmt::format("'{}' has no nn meaning", name));
  auto result = call ? EvaluatePlain(*call, operands) : evaluator->second(op, operands);
  if (result.ok()) return result;
  return absl::InvalidArgumentError(fmt::format(
      "{}: {}", name,
      std::string_view(result.status().message().data(), result.status().message().size())));
}

absl::StatusOr<std::vector<Tensor>> RunNn(mlir::func::FuncOp function, std::vector<Tensor> inputs,
                                          const Observer& observer, ConstantCache* constants) {
  if (inputs.size() != function.getNumArguments()) {
    return absl::InvalidArgumentError(fmt::format("{} inputs for a function of {} arguments",
                                                  inputs.size(), function.getNumArguments()));
  }
  Frame frame(observer, constants);
  for (size_t i = 0; i < inputs.size(); ++i) {
    absl::Status status = CheckInput(i, inputs[i], function.getArgument(i).getType());
    if (!status.ok()) return status;
    frame.Set(function.getArgument(i), std::move(inputs[i]));
  }
  for (mlir::Operation& op : function.getBody().front().without_terminator()) {
    if (llvm::isa<ConstantOp>(op)) continue;
    absl::Status status = frame.Run(&op);
    if (!status.ok()) return status;
  }
  std::vector<Tensor> results;
  for (mlir::Value value : function.getBody().front().getTerminator()->getOperands()) {
    std::deque<Tensor> scratch;
    auto tensor = frame.Get(value, scratch);
    if (!tensor.ok()) return tensor.status();
    results.push_back(**tensor);
  }
  return results;
}

}  // namespace mpcc::nn
