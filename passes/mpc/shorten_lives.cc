// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "passes/analysis/wire_bytes.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_SHORTENLIVES
#include "passes/mpc/passes.h.inc"

namespace {

using Operations = llvm::SmallVector<mlir::Operation*>;

// Plaintext counts nothing: P2, which holds none, shall see nothing of it in the order of its
// steps.
uint64_t LargestShare(mlir::Operation* op) {
  uint64_t largest = 0;
  for (mlir::Value result : op->getResults())
    if (llvm::isa<mpc::ShareType>(result.getType()) && IsWire(result))
      largest = std::max(largest, WireBytes(result));
  return largest;
}

bool IsPlaintext(mlir::Operation* op) {
  const auto is_share = [](mlir::Type type) { return llvm::isa<mpc::ShareType>(type); };
  return llvm::none_of(op->getOperandTypes(), is_share) &&
         llvm::none_of(op->getResultTypes(), is_share);
}

// The order of operations between two exchanges. An operation's tree is it and all that it waits
// for there.
class StageOrder {
 public:
  // REQUIRES: `ops` in a valid order.
  explicit StageOrder(llvm::ArrayRef<mlir::Operation*> ops) : ops_(ops) {
    for (mlir::Operation* op : ops) {
      uint64_t& largest = largest_[op] = LargestShare(op);
      for (mlir::Value operand : op->getOperands())
        largest = std::max(largest, largest_.lookup(operand.getDefiningOp()));
    }
  }

  // What P1 computes in plaintext comes first: it may refuse an input, which nobody shall see.
  Operations Take() {
    for (mlir::Operation* op : ops_)
      if (IsPlaintext(op)) AddTree(op);
    for (mlir::Operation* root : Roots()) AddTree(root);
    return order_.takeVector();
  }

 private:
  // Linear layers come in program order whatever their size, as those of functions for other
  // sequence lengths do, which take over their weights by number.
  uint64_t Key(mlir::Operation* root) const {
    return llvm::isa<mpc::LinearOp>(root) ? 0 : largest_.lookup(root);
  }

  bool IsRead(mlir::Operation* op) const {
    return llvm::any_of(op->getUsers(), [&](auto* user) { return largest_.contains(user); });
  }

  // What the stage is for: what nothing else of it reads.
  Operations Roots() const {
    Operations roots;
    for (mlir::Operation* op : ops_)
      if (llvm::isa<mpc::LinearOp>(op) || !IsRead(op)) roots.push_back(op);
    llvm::stable_sort(roots, [&](auto* a, auto* b) { return Key(a) < Key(b); });
    return roots;
  }

  // Without recursion: chains are long.
  void AddTree(mlir::Operation* root) {
    Operations path{root};
    while (!path.empty()) {
      if (mlir::Operation* operand = NextOperand(path.back()))
        path.push_back(operand);
      else
        order_.insert(path.pop_back_val());
    }
  }

  mlir::Operation* NextOperand(mlir::Operation* op) const {
    for (mlir::Value operand : op->getOperands())
      if (mlir::Operation* producer = operand.getDefiningOp();
          largest_.contains(producer) && !order_.contains(producer))
        return producer;
    return nullptr;
  }

  llvm::ArrayRef<mlir::Operation*> ops_;
  llvm::DenseMap<mlir::Operation*, uint64_t> largest_;  // share in the operation's tree
  llvm::SetVector<mlir::Operation*> order_;
};

// Algorithm, for what stands between two exchanges, or before the first or after the last:
//   1. Write what P1 computes in plaintext.
//   2. Find the roots, which nothing else there reads, and the largest share in the tree of each.
//   3. Take the trees from the smallest to the largest, so that what small ones read of large
//      wires is read before the largest are made, which may then take their place.
//   4. Write each tree in postorder: an operation stands before the first one that reads it.
struct ShortenLives : impl::ShortenLivesBase<ShortenLives> {
  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.isExternal()) return;
    if (!function.getBody().hasOneBlock()) {
      function.emitOpError("has several blocks, expected straight-line code");
      return signalPassFailure();
    }
    Operations stage, all;
    for (mlir::Operation& op : function.getBody().front()) all.push_back(&op);
    for (mlir::Operation* op : all) {
      if (!mpc::IsExchange(op) && !op->hasTrait<mlir::OpTrait::IsTerminator>()) {
        stage.push_back(op);
        continue;
      }
      for (mlir::Operation* next : StageOrder(stage).Take()) next->moveBefore(op);
      stage.clear();
    }
  }
};

}  // namespace
}  // namespace mpcc
