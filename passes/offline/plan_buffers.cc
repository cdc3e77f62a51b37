// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "ir/nn/nn.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/Builders.h"
#include "passes/analysis/wire_bytes.h"
#include "passes/offline/passes.h"
#include "passes/offline/programs.h"

namespace mpcc {

#define GEN_PASS_DEF_PLANBUFFERS
#include "passes/offline/passes.h.inc"

namespace {

using mpc::ShareType;

// A piece of memory that is needed from one operation of the program to another, both counted.
struct Buffer {
  bool shared;  // holds shares or masks, no plaintext of P1's
  uint64_t size;
  int64_t first, last;
};

// Where buffers lie: those of a slot are never needed at one time.
class Slots {
 public:
  // Large buffers first, each into the smallest slot that is free for its time: what comes later
  // fits wherever it is free (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
  // Inference", 2020, 4.2). Those of shares before all plaintext, so that P2's plan is laid out by
  // what P2 holds and tells nothing else. The slot of each buffer, numbered by first use.
  static std::vector<int64_t> Assign(const std::vector<Buffer>& buffers) {
    std::vector<size_t> order(buffers.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater(), [&](size_t i) {
      return std::pair(buffers[i].shared, buffers[i].size);
    });
    Slots slots;
    std::vector<int64_t> slot_of(buffers.size());
    for (size_t i : order) slot_of[i] = slots.Take(buffers[i]);
    return NumberedByFirstUse(std::move(slot_of));
  }

 private:
  // Slots of shares are made in descending order of size, and so are those of plaintext after them.
  int64_t Take(const Buffer& buffer) {
    int64_t slot = static_cast<int64_t>(used_.size());
    while (slot > 0 && !IsFree(used_[slot - 1], buffer)) --slot;
    if (slot == 0) {
      used_.emplace_back();
      slot = static_cast<int64_t>(used_.size());
    }
    used_[slot - 1].emplace(buffer.first, buffer.last);
    return slot - 1;
  }

  // `used`: last by first, in order and apart from each other.
  static bool IsFree(const std::map<int64_t, int64_t>& used, const Buffer& buffer) {
    const auto after = used.upper_bound(buffer.last);
    return after == used.begin() || std::prev(after)->second < buffer.first;
  }

  static std::vector<int64_t> NumberedByFirstUse(std::vector<int64_t> slot_of) {
    std::map<int64_t, int64_t> numbers;
    for (int64_t& slot : slot_of)
      slot = numbers.emplace(slot, static_cast<int64_t>(numbers.size())).first->second;
    return slot_of;
  }

  std::vector<std::map<int64_t, int64_t>> used_;
};

// One scan in program order finds buffers: a wire needs its own from its operation to its last
// use, results while operands still hold theirs, but for a reshape of a dying wire and its sum with
// a public number, which keep its buffer.
class BufferPlanner {
 public:
  explicit BufferPlanner(mlir::func::FuncOp function) : function_(function) {}

  void Run() {
    mlir::Block& block = BodyOf(function_);
    for (mlir::Operation& op : block)
      for (mlir::Value operand : op.getOperands()) last_use_[operand] = &op;
    Define(block.getArguments());
    for (mlir::Operation& op : block) Visit(&op);
    slot_of_ = Slots::Assign(buffers_);
    mlir::Builder builder(function_.getContext());
    if (block.getNumArguments() > 0)
      function_->setAttr(kArgumentSlotsAttr, SlotsOf(block.getArguments(), builder));
    for (mlir::Operation& op : block)
      if (HasWires(&op)) op.setAttr(kSlotsAttr, SlotsOf(op.getResults(), builder));
  }

 private:
  static bool HasWires(mlir::Operation* op) {
    return op->getNumResults() > 0 && llvm::all_of(op->getResults(), IsWire);
  }

  template <typename Values>
  void Define(Values values) {
    for (mlir::Value value : values) {
      buffer_[value] = buffers_.size();
      buffers_.push_back({llvm::isa<ShareType>(value.getType()), WireBytes(value), now_, now_});
    }
  }

  void Visit(mlir::Operation* op) {
    ++now_;
    for (mlir::Value operand : op->getOperands())
      if (auto found = buffer_.find(operand); found != buffer_.end()) Use(found->second);
    if (RunsInPlace(op))
      buffer_[op->getResult(0)] = buffer_.lookup(op->getOperand(0));
    else if (HasWires(op))
      Define(op->getResults());
    // A constant lies in the plan: a slot that nothing else uses needs no memory.
    if (!llvm::isa<nn::ConstantOp>(op)) return;
    buffers_.back().first = 0;
    buffers_.back().last = kEver;
  }

  void Use(size_t buffer) { buffers_[buffer].last = std::max(buffers_[buffer].last, now_); }

  template <typename Values>
  mlir::DenseI64ArrayAttr SlotsOf(Values wires, mlir::Builder& builder) const {
    llvm::SmallVector<int64_t> slots;
    for (mlir::Value wire : wires) slots.push_back(slot_of_[buffer_.lookup(wire)]);
    return builder.getDenseI64ArrayAttr(slots);
  }

  bool RunsInPlace(mlir::Operation* op) const {
    return llvm::isa<mpc::ReshapeOp, mpc::AddPublicOp, nn::ReshapeOp>(op) &&
           last_use_.lookup(op->getOperand(0)) == op &&
           !op->getOperand(0).getDefiningOp<nn::ConstantOp>();
  }

  static constexpr int64_t kEver = std::numeric_limits<int64_t>::max();

  mlir::func::FuncOp function_;
  llvm::DenseMap<mlir::Value, mlir::Operation*> last_use_;
  llvm::DenseMap<mlir::Value, size_t> buffer_;
  std::vector<Buffer> buffers_;
  std::vector<int64_t> slot_of_;
  int64_t now_ = 0;
};

struct PlanBuffersPass : impl::PlanBuffersBase<PlanBuffersPass> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.isExternal()) return;
    if (!function.getBody().hasOneBlock()) {
      function.emitOpError() << "has several blocks, programs are straight-line code";
      return signalPassFailure();
    }
    BufferPlanner(function).Run();
  }
};

}  // namespace
}  // namespace mpcc
