// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/Builders.h"
#include "passes/analysis/material.h"
#include "passes/offline/passes.h"
#include "passes/offline/programs.h"

namespace mpcc {

#define GEN_PASS_DEF_SCHEDULEOFFLINETABLES
#include "passes/offline/passes.h.inc"

namespace {

using Deals = llvm::SmallVector<mpc::DealOp>;

// The deals in the order of the online operations that consume them; exactly one each.
mlir::FailureOr<Deals> DealsInOrderOfUse(SplitProgram program) {
  llvm::DenseMap<int64_t, mpc::DealOp> by_stream;
  size_t count = 0;
  for (auto deal : program.offline.getOps<mpc::DealOp>()) {
    if (deal.getStreams().empty()) return deal.emitOpError() << "has no streams";
    if (!by_stream.try_emplace(deal.getStreams().front(), deal).second)
      return deal.emitOpError() << "repeats stream " << deal.getStreams().front();
    ++count;
  }
  Deals deals;
  for (mlir::Operation& op : BodyOf(program.online)) {
    if (mpc::RoleOf(&op) != mpc::Role::kDeals) continue;
    const llvm::ArrayRef<int64_t> streams = mpc::StreamsOf(&op);
    mpc::DealOp deal = streams.empty() ? mpc::DealOp() : by_stream.lookup(streams.front());
    if (!deal || deal.getStreams() != streams || deal.getTarget() != op.getName().stripDialect())
      return op.emitOpError() << "has no 'mpc.deal' with its streams in the offline function";
    deals.push_back(deal);
  }
  if (deals.size() != count)
    return program.offline.emitOpError()
           << "deals " << count << " times, online operations consume " << deals.size();
  return deals;
}

// Moves `op` and what it depends on, unless placed before, to the end of the block.
void Place(mlir::Operation* op, mlir::Operation* end, llvm::DenseSet<mlir::Operation*>& placed) {
  if (!placed.insert(op).second) return;
  for (mlir::Value operand : op->getOperands()) Place(operand.getDefiningOp(), end, placed);
  op->moveBefore(end);
}

// Sets the offset of each dealt vector, back to back, each on an 8-byte boundary; returns the
// total.
uint64_t LayOut(const Deals& deals) {
  uint64_t offset = 0;
  for (mpc::DealOp deal : deals) {
    llvm::SmallVector<int64_t> offsets;
    for (const PackedVector& vector : mpc::DealtVectorsOf(deal)) {
      offsets.push_back(static_cast<int64_t>(offset));
      offset += vector.MaterialBytes();
    }
    deal->setAttr(kOffsetsAttr, mlir::DenseI64ArrayAttr::get(deal.getContext(), offsets));
  }
  return offset;
}

struct ScheduleOfflineTablesPass : impl::ScheduleOfflineTablesBase<ScheduleOfflineTablesPass> {
  void runOnOperation() override {
    auto programs = SplitProgramsOf(getOperation());
    if (failed(programs)) return signalPassFailure();
    for (SplitProgram program : *programs)
      if (failed(Schedule(program))) return signalPassFailure();
  }

  static mlir::LogicalResult Schedule(SplitProgram program) {
    const mlir::FailureOr<Deals> deals = DealsInOrderOfUse(program);
    if (failed(deals)) return mlir::failure();
    llvm::DenseSet<mlir::Operation*> placed;
    mlir::Operation* end = BodyOf(program.offline).getTerminator();
    for (mpc::DealOp deal : *deals) Place(deal, end, placed);
    mlir::Builder builder(program.offline.getContext());
    program.offline->setAttr(kMaterialBytesAttr, builder.getI64IntegerAttr(LayOut(*deals)));
    return mlir::success();
  }
};

}  // namespace
}  // namespace mpcc
