// SPDX-License-Identifier: Apache-2.0
#include "frontend/layers/layer_structure.h"

#include "ir/nn/visibility.h"
#include "llvm/ADT/SetVector.h"

namespace mpcc {
namespace {

using mlir::Operation;
using mlir::Value;
using nn::PartAttr;
using nn::PartKind;

// Dominators among the secret values of a function; null stands for all that P1 computes, which
// dominates the rest.
class Stream {
 public:
  explicit Stream(mlir::func::FuncOp function) : visibility_(function) {
    for (Operation& op : function.getBody().front().without_terminator())
      if (IsSecret(op.getResult(0))) Add(&op);
    Value last;
    for (Value result : function.getBody().front().getTerminator()->getOperands())
      if (IsSecret(result) && OrderOf(result) > OrderOf(last)) last = result;
    for (Value value = last; value; value = Above(value)) line_.push_back(value);
    line_.push_back(Value());
    std::reverse(line_.begin(), line_.end());
    for (Value value : line_) on_line_.insert(value);
  }

  llvm::ArrayRef<Operation*> ops() const { return ops_; }
  // From null to the last result.
  llvm::ArrayRef<Value> line() const { return line_; }
  bool IsOnLine(Value value) const { return on_line_.contains(value); }
  // The nearest value that dominates another one.
  Value Above(Value value) const { return above_.lookup(value); }
  // The nearest such value on the line.
  Value LineAbove(Value value) const {
    for (value = Above(value); !IsOnLine(value);) value = Above(value);
    return value;
  }
  int64_t OrderOf(Value value) const { return value ? order_.lookup(value) : -1; }
  bool IsSecret(Value value) const { return visibility_.Of(value) == nn::Visibility::kSecret; }
  bool ReadsData(Operation* op) const {
    return llvm::any_of(op->getOperands(), [&](Value operand) {
      return visibility_.Of(operand) == nn::Visibility::kData;
    });
  }

 private:
  // A visible operand beside secret ones (a mask, the embedding as a residual) is no way around.
  void Add(Operation* op) {
    Value above;
    bool first = true;
    for (Value operand : op->getOperands()) {
      if (!IsSecret(operand)) continue;
      above = first ? operand : Meet(above, operand);
      first = false;
    }
    above_[op->getResult(0)] = above;
    order_[op->getResult(0)] = static_cast<int64_t>(ops_.size());
    ops_.push_back(op);
  }

  Value Meet(Value a, Value b) const {
    while (a != b) {
      Value& later = OrderOf(a) > OrderOf(b) ? a : b;
      later = Above(later);
    }
    return a;
  }

  nn::VisibilityAnalysis visibility_;
  llvm::SmallVector<Operation*> ops_;  // with secret results, in order
  llvm::DenseMap<Value, Value> above_;
  llvm::DenseMap<Value, int64_t> order_;
  llvm::SmallVector<Value> line_;
  llvm::DenseSet<Value> on_line_;
};

bool IsProduct(Operation* op) { return llvm::isa<nn::LinearOp, nn::MatMulOp>(op); }

// Where layers begin, in order.
llvm::SmallSetVector<Value, 16> Starts(const Stream& stream) {
  llvm::SmallVector<Value> found;
  for (Operation* op : stream.ops())
    if (llvm::isa<nn::SoftmaxOp>(op)) found.push_back(stream.LineAbove(op->getResult(0)));
  llvm::stable_sort(found, [&](Value a, Value b) { return stream.OrderOf(a) < stream.OrderOf(b); });
  return {found.begin(), found.end()};
}

// The last value of the layer that begins at `start` and is the last one.
Value EndOf(Value start, const Stream& stream) {
  llvm::DenseSet<Value> blocks;  // values of the line at which a block with a product begins
  for (Operation* op : stream.ops())
    if (IsProduct(op) && !stream.IsOnLine(op->getResult(0)))
      blocks.insert(stream.LineAbove(op->getResult(0)));
  llvm::ArrayRef<Value> line = stream.line();
  size_t end = llvm::find(line, start) - line.begin();
  for (size_t i = end; i + 1 < line.size(); ++i)
    if (blocks.contains(line[i])) end = i + 1;
  for (; end + 1 < line.size(); ++end) {
    Operation* next = line[end + 1].getDefiningOp();
    auto shape = [](Value value) {
      return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
    };
    if (IsProduct(next) || !line[end] || stream.ReadsData(next) ||
        shape(line[end]) != shape(line[end + 1]))
      break;
  }
  return line[end];
}

}  // namespace

LayerStructure FindLayers(mlir::func::FuncOp function) {
  const Stream stream(function);
  const auto starts = Starts(stream);
  LayerStructure found;
  found.count = static_cast<int64_t>(starts.size());
  mlir::MLIRContext* context = function.getContext();
  const auto embedding = PartAttr::get(context, PartKind::embedding, 0);
  llvm::DenseMap<Value, PartAttr> below{{Value(), embedding}};  // of what a value dominates
  for (auto [i, start] : llvm::enumerate(starts))
    below[start] = PartAttr::get(context, PartKind::layer, static_cast<int64_t>(i));
  if (!starts.empty())
    if (Value end = EndOf(starts.back(), stream); end && end != stream.line().back())
      below[end] = PartAttr::get(context, PartKind::head, 0);
  for (Operation& op : function.getBody().front().without_terminator())
    if (!llvm::isa<nn::ConstantOp>(op)) found.parts[&op] = embedding;
  for (Operation* op : stream.ops()) {
    PartAttr part = below.lookup(stream.Above(op->getResult(0)));
    for (Value operand : op->getOperands())  // what a result gathers from several layers
      if (PartAttr own = found.parts.lookup(operand.getDefiningOp()); own && part.IsBefore(own))
        part = own;
    found.parts[op] = part;
    below.try_emplace(op->getResult(0), part);
  }
  return found;
}

}  // namespace mpcc
