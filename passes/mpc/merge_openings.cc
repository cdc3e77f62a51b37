// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/MapVector.h"
#include "passes/analysis/round_depth.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_MERGEOPENINGS
#include "passes/mpc/passes.h.inc"

namespace {

// Moves every operation into its stage, exchanges to the stage's end; otherwise program order
// stays. Operands come first: they have an earlier stage, or the same one and an earlier place.
void SortByStage(mlir::Block& block, const RoundDepth& depth) {
  llvm::SmallVector<mlir::Operation*> ops;
  for (mlir::Operation& op : block.without_terminator()) ops.push_back(&op);
  llvm::stable_sort(ops, [&](mlir::Operation* a, mlir::Operation* b) {
    return std::pair(depth.StageOf(a), mpc::IsExchange(a)) <
           std::pair(depth.StageOf(b), mpc::IsExchange(b));
  });
  for (mlir::Operation* op : ops) op->moveBefore(block.getTerminator());
}

// One operation for several of its kind, at the place of the last.
template <typename Op>
void Merge(llvm::ArrayRef<Op> group) {
  if (group.size() < 2) return;
  llvm::SmallVector<mlir::Value> operands, results;
  llvm::SmallVector<mlir::Location> locations;
  for (Op op : group) {
    llvm::append_range(operands, op.getInputs());
    llvm::append_range(results, op.getResults());
    locations.push_back(op.getLoc());
  }
  mlir::OpBuilder builder(group.back());
  auto merged =
      builder.create<Op>(builder.getFusedLoc(locations), mlir::ValueRange(results).getTypes(),
                         operands, mlir::DenseI64ArrayAttr());
  for (auto [old_result, result] : llvm::zip(results, merged.getResults()))
    old_result.replaceAllUsesWith(result);
  for (Op op : group) op.erase();
}

template <typename Op>
void MergeStages(mlir::Block& block, const RoundDepth& depth) {
  llvm::MapVector<unsigned, llvm::SmallVector<Op>> stages;
  for (Op op : block.getOps<Op>()) stages[depth.StageOf(op)].push_back(op);
  for (auto& [stage, group] : stages) Merge<Op>(group);
}

unsigned CountExchanges(mlir::Block& block) {
  return llvm::count_if(block, [](mlir::Operation& op) { return mpc::IsExchange(&op); });
}

// Algorithm:
//   1. Find the stage of every operation (RoundDepth).
//   2. Sort the block by stage, exchanges last in each.
//   3. Make one operation of each stage's openings, and one of the inputs.
struct MergeOpenings : impl::MergeOpeningsBase<MergeOpenings> {
  using MergeOpeningsBase::MergeOpeningsBase;

  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    if (function.isExternal()) return;
    if (mlir::failed(Check(function))) return signalPassFailure();
    mlir::Block& block = function.getBody().front();
    unsigned before = CountExchanges(block);
    RoundDepth depth(block);
    SortByStage(block, depth);
    MergeStages<mpc::InputOp>(block, depth);
    MergeStages<mpc::ReshareOp>(block, depth);
    if (report)
      function.emitRemark() << "exchanges: " << before << " before merging, "
                            << CountExchanges(block) << " after, " << depth.Rounds()
                            << " of them two-way rounds";
  }

  static mlir::LogicalResult Check(mlir::func::FuncOp function) {
    if (!function.getBody().hasOneBlock())
      return function.emitOpError("has several blocks, expected straight-line code");
    mlir::WalkResult numbered = function.walk([](mlir::Operation* op) {
      if (!mpc::IsExchange(op) || mpc::StreamsOf(op).empty()) return mlir::WalkResult::advance();
      op->emitOpError("has streams already; openings are merged before hoist-to-offline");
      return mlir::WalkResult::interrupt();
    });
    return mlir::failure(numbered.wasInterrupted());
  }
};

}  // namespace
}  // namespace mpcc
