// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/nn.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/Builders.h"
#include "passes/offline/passes.h"
#include "passes/offline/programs.h"
#include "runtime/base/ring.h"

namespace mpcc {

#define GEN_PASS_DEF_PLANBUFFERS
#include "passes/offline/passes.h.inc"

namespace {

using mpc::ShareType;

// Private values are no wires: nobody holds them during a run.
bool IsWire(mlir::Value value) {
  auto share = llvm::dyn_cast<ShareType>(value.getType());
  return !share || !share.isPrivate();
}

// What a wire occupies, for choosing among slots; the plan's writer sizes slots exactly.
uint64_t SizeOf(mlir::Value value) {
  if (auto share = llvm::dyn_cast<ShareType>(value.getType())) {
    const int components = share.isAdd() ? 1 : 2;
    return components * LaneVectorBytes(share.numElements(), share.getWidth());
  }
  auto tensor = llvm::cast<mlir::RankedTensorType>(value.getType());
  const unsigned bits = tensor.getElementType().isF32() ? 32 : 64;
  return LaneVectorBytes(tensor.getNumElements(), bits);
}

// Slots of one function; a slot grows to the largest wire it ever holds.
class SlotPool {
 public:
  // The smallest free slot that fits; else the largest free one, grown; else a new one.
  int64_t Take(uint64_t size) {
    auto better = [&](int64_t a, int64_t b) {
      const bool a_fits = sizes_[a] >= size, b_fits = sizes_[b] >= size;
      if (a_fits != b_fits) return a_fits;
      return a_fits ? sizes_[a] < sizes_[b] : sizes_[a] > sizes_[b];
    };
    if (free_.empty()) {
      sizes_.push_back(size);
      return sizes_.size() - 1;
    }
    auto best = free_.begin();
    for (auto it = free_.begin(); it != free_.end(); ++it)
      if (better(*it, *best)) best = it;
    const int64_t slot = *best;
    free_.erase(best);
    sizes_[slot] = std::max(sizes_[slot], size);
    return slot;
  }

  void Release(int64_t slot) { free_.push_back(slot); }

 private:
  llvm::SmallVector<uint64_t> sizes_;
  llvm::SmallVector<int64_t> free_;
};

// One scan in program order:
//  1. results take slots while the operands still hold theirs (a reshape of a dying wire keeps its
//  slot);
//  2. wires whose last use, or definition if there is none, was this operation release theirs.
class BufferPlanner {
 public:
  explicit BufferPlanner(mlir::func::FuncOp function) : function_(function) {}

  void Run() {
    mlir::Builder builder(function_.getContext());
    mlir::Block& block = BodyOf(function_);
    for (mlir::Operation& op : block)
      for (mlir::Value operand : op.getOperands()) last_use_[operand] = &op;
    if (block.getNumArguments() > 0)
      function_->setAttr(kArgumentSlotsAttr,
                         builder.getDenseI64ArrayAttr(Define(block.getArguments())));
    for (mlir::Operation& op : block) Visit(&op, builder);
  }

 private:
  template <typename Values>
  llvm::SmallVector<int64_t> Define(Values values) {
    llvm::SmallVector<int64_t> slots;
    for (mlir::Value value : values) slots.push_back(slot_[value] = pool_.Take(SizeOf(value)));
    return slots;
  }

  void Visit(mlir::Operation* op, mlir::Builder& builder) {
    const bool in_place = RunsInPlace(op);
    if (in_place) {
      const int64_t slot = slot_[op->getResult(0)] = slot_[op->getOperand(0)];
      op->setAttr(kSlotsAttr, builder.getDenseI64ArrayAttr(slot));
    } else if (op->getNumResults() > 0 && llvm::all_of(op->getResults(), IsWire)) {
      op->setAttr(kSlotsAttr, builder.getDenseI64ArrayAttr(Define(op->getResults())));
    }
    llvm::SmallDenseSet<mlir::Value> dying;
    for (mlir::Value operand : op->getOperands())
      if (!in_place && IsWire(operand) && last_use_[operand] == op) dying.insert(operand);
    for (mlir::Value result : op->getResults())
      if (IsWire(result) && result.use_empty()) dying.insert(result);
    for (int64_t slot : Sorted(dying)) pool_.Release(slot);
  }

  // Sets have no order of their own: sort, so that equal programs get equal slots.
  llvm::SmallVector<int64_t> Sorted(const llvm::SmallDenseSet<mlir::Value>& wires) const {
    llvm::SmallVector<int64_t> slots;
    for (mlir::Value wire : wires) slots.push_back(slot_.lookup(wire));
    llvm::sort(slots);
    return slots;
  }

  bool RunsInPlace(mlir::Operation* op) const {
    return llvm::isa<mpc::ReshapeOp, nn::ReshapeOp>(op) &&
           last_use_.lookup(op->getOperand(0)) == op;
  }

  mlir::func::FuncOp function_;
  llvm::DenseMap<mlir::Value, mlir::Operation*> last_use_;
  llvm::DenseMap<mlir::Value, int64_t> slot_;
  SlotPool pool_;
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
