// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/revealed_tail.h"

#include <random>

#include "ir/reference/mpc_interpreter.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"

namespace mpcc {
namespace {

using mlir::Value;
using reference::LocalTensor;
using reference::Ring;

// Private factors are drawn again and again: with some of them a value that several quantizers
// saturate one after another ends at the same end always.
constexpr int kFactors = 256, kTrials = 4;

bool IsPrivate(Value value) {
  auto type = llvm::dyn_cast<mpc::ShareType>(value.getType());
  return type && type.isPrivate();
}

bool IsOfTail(mlir::Operation* op) {
  auto protocol = llvm::dyn_cast<mpc::ProtocolOp>(op);
  return protocol && protocol.isOfTail();
}

// The operations of the tail in order, what they compute for it, and the values before it.
struct Tail {
  llvm::SetVector<mlir::Operation*> ops;
  llvm::DenseSet<Value> computed;
  llvm::SetVector<Value> before;
};

// Of an opening, which has many, that of the result alone.
llvm::SmallVector<Value> OperandsOf(mlir::OpResult result) {
  mlir::Operation* op = result.getOwner();
  if (llvm::isa<mpc::ReshareOp>(op)) return {op->getOperand(result.getResultNumber())};
  return llvm::to_vector(op->getOperands());
}

Tail TailOf(Value revealed) {
  Tail tail;
  llvm::SmallVector<Value> open = {revealed};
  while (!open.empty()) {
    Value value = open.pop_back_val();
    mlir::Operation* op = value.getDefiningOp();
    if (!op || !IsOfTail(op)) {
      tail.before.insert(value);
    } else if (tail.computed.insert(value).second) {
      tail.ops.insert(op);
      for (Value operand : OperandsOf(llvm::cast<mlir::OpResult>(value)))
        if (!IsPrivate(operand)) open.push_back(operand);
    }
  }
  tail.ops = mlir::topologicalSort(tail.ops);
  return tail;
}

// The tail as a function of the values before it.
class TailProgram {
 public:
  TailProgram(Value revealed, const Tail& tail, unsigned seed)
      : module_(mlir::ModuleOp::create(revealed.getLoc())),
        builder_(module_->getBodyRegion()),
        random_(2 * seed) {
    mlir::Location loc = revealed.getLoc();
    auto type =
        builder_.getFunctionType(mlir::TypeRange(tail.before.getArrayRef()), {revealed.getType()});
    function_ = builder_.create<mlir::func::FuncOp>(loc, "tail", type);
    builder_.setInsertionPointToStart(function_.addEntryBlock());
    map_.map(tail.before.getArrayRef(), function_.getArguments());
    for (mlir::Operation* op : tail.ops) Add(op, tail);
    builder_.create<mlir::func::ReturnOp>(loc, map_.lookup(revealed));
  }

  // Empty if the interpreter has no meaning for an operation of it.
  Ring Run(const std::vector<LocalTensor>& before) const {
    reference::RunOptions options;
    options.mode = reference::RunMode::kRandom;
    auto outputs = reference::RunMpc(function_, before, options);
    if (!outputs.ok()) return {};
    return reference::Reconstruct(std::get<reference::Components>(outputs->values[0]));
  }

 private:
  void Add(mlir::Operation* op, const Tail& tail) {
    if (auto opening = llvm::dyn_cast<mpc::ReshareOp>(op)) {
      for (mlir::OpResult result : op->getResults())
        if (tail.computed.contains(result))
          map_.map(result,
                   Open(opening.getLoc(), result.getType(), map_.lookup(OperandsOf(result)[0])));
      return;
    }
    for (Value operand : op->getOperands())
      if (IsPrivate(operand) && !map_.contains(operand)) map_.map(operand, Factor(operand));
    builder_.clone(*op, map_);
  }

  Value Open(mlir::Location loc, mlir::Type type, Value value) {
    return builder_.create<mpc::ReshareOp>(loc, mlir::TypeRange(type), mlir::ValueRange(value))
        .getResult(0);
  }

  // Odd numbers, which no other number's multiples are lost by.
  Value Factor(Value value) {
    auto type = llvm::cast<mpc::ShareType>(value.getType());
    std::vector<int64_t> numbers(type.numElements());
    for (int64_t& number : numbers) number = static_cast<int64_t>(random_() | 1);
    auto tensor = mlir::RankedTensorType::get(type.getShape(), builder_.getI64Type());
    return builder_.create<mpc::ConstantOp>(
        value.getLoc(), type, mlir::DenseElementsAttr::get(tensor, llvm::ArrayRef(numbers)));
  }

  mlir::OwningOpRef<mlir::ModuleOp> module_;
  mlir::OpBuilder builder_;
  mlir::func::FuncOp function_;
  mlir::IRMapping map_;
  std::mt19937_64 random_;
};

// Random numbers for the values before the tail; those of elements that do not depend on the input
// are drawn once.
class Trials {
 public:
  Trials(const Tail& tail, const InputDependence& dependence, unsigned seed)
      : random_(2 * seed + 1) {
    for (Value value : tail.before) {
      auto type = llvm::cast<mpc::ShareType>(value.getType());
      depends_.push_back(dependence.Of(value));
      widths_.push_back(type.getWidth());
      values_.push_back({type.getShape().vec(), LocalTensor::Ints(type.numElements())});
      for (int64_t& number : std::get<LocalTensor::Ints>(values_.back().data))
        number = Draw(widths_.back());
    }
  }

  const std::vector<LocalTensor>& Next() {
    for (size_t i = 0; i < values_.size(); ++i) {
      auto& numbers = std::get<LocalTensor::Ints>(values_[i].data);
      for (size_t k = 0; k < numbers.size(); ++k)
        if (depends_[i][k]) numbers[k] = Draw(widths_[i]);
    }
    return values_;
  }

 private:
  int64_t Draw(unsigned width) { return static_cast<int64_t>(random_() >> (64 - width)); }

  std::vector<std::vector<uint8_t>> depends_;
  std::vector<unsigned> widths_;
  std::vector<LocalTensor> values_;
  std::mt19937_64 random_;
};

}  // namespace

bool MovesWithInput(mpc::RevealOp op, const InputDependence& dependence) {
  const Tail tail = TailOf(op.getInput());
  if (tail.ops.empty()) return true;
  std::vector<uint8_t> moved(llvm::cast<mpc::ShareType>(op.getInput().getType()).numElements());
  for (unsigned seed = 0; seed < kFactors && llvm::is_contained(moved, 0); ++seed) {
    const TailProgram program(op.getInput(), tail, seed);
    Trials trials(tail, dependence, seed);
    const Ring first = program.Run(trials.Next());
    if (first.empty()) return true;
    for (int trial = 1; trial < kTrials; ++trial) {
      const Ring again = program.Run(trials.Next());
      for (size_t i = 0; i < moved.size(); ++i) moved[i] |= first[i] != again[i];
    }
  }
  return !llvm::is_contained(moved, 0);
}

}  // namespace mpcc
