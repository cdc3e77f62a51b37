// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/MapVector.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/mpc/compose_tables.h"
#include "passes/mpc/openings.h"
#include "passes/mpc/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_FUSEEXTRACTLUT
#include "passes/mpc/passes.h.inc"

namespace {

using mlir::LogicalResult;
using mlir::PatternRewriter;
using mlir::Value;

void ReplaceByLut(PatternRewriter& rewriter, mlir::Operation* op, mpc::LutOp inner,
                  const LookupTable& table) {
  Value constant = MakeTable(rewriter, op->getLoc(), table);
  mlir::Attribute leak = op->getAttr(kLeakAttr);
  if (!leak) leak = inner->getAttr(kLeakAttr);
  auto fused = rewriter.replaceOpWithNewOp<mpc::LutOp>(op, op->getResult(0).getType(),
                                                       inner.getIndex(), constant, inner.getShift(),
                                                       mlir::DenseI64ArrayAttr());
  if (leak) fused->setAttr(kLeakAttr, leak);
}

// What a local operation without other operands does to one entry of the table it follows.
uint64_t OnEntry(mpc::AddPublicOp op, uint64_t entry) { return entry + op.getValue(); }
uint64_t OnEntry(mpc::MulPublicOp op, uint64_t entry) { return entry * op.getValue(); }
uint64_t OnEntry(mpc::ResizeOp op, uint64_t entry) { return entry; }
uint64_t OnEntry(mpc::ExtractOp op, uint64_t entry) {
  return RoundedShift(entry, mpc::Share(op.getInput()).getWidth(),
                      mpc::Share(op.getInput()).getWidth() - mpc::Share(op.getResult()).getWidth());
}

template <typename Op>
LogicalResult MoveIntoTable(Op op, PatternRewriter& rewriter) {
  auto inner = op.getInput().template getDefiningOp<mpc::LutOp>();
  if (!inner || !inner->hasOneUse()) return mlir::failure();
  if (inner->hasAttr(kLeakAttr) && op->hasAttr(kLeakAttr)) return mlir::failure();
  auto table = ReadTable(inner.getTable());
  if (!table) return mlir::failure();
  auto on_entry = [&](uint64_t entry) { return OnEntry(op, entry); };
  ReplaceByLut(rewriter, op, inner,
               MapEntries(std::move(*table), mpc::Share(op).getWidth(), on_entry));
  return mlir::success();
}

// With other readers of the inner table's result the composed table comes on top of the inner one,
// but saves the outer one and an opening: better unless it is larger than the outer one.
LogicalResult ComposeLuts(mpc::LutOp outer, PatternRewriter& rewriter) {
  auto inner = outer.getIndex().getDefiningOp<mpc::LutOp>();
  if (!inner) return mlir::failure();
  int64_t inner_entries = llvm::cast<mpc::ShareType>(inner.getTable().getType()).getShape()[1];
  int64_t outer_entries = llvm::cast<mpc::ShareType>(outer.getTable().getType()).getShape()[1];
  if (!inner->hasOneUse() && inner_entries > outer_entries) return mlir::failure();
  if (inner->hasAttr(kLeakAttr) && outer->hasAttr(kLeakAttr)) return mlir::failure();
  auto inner_table = ReadTable(inner.getTable()), outer_table = ReadTable(outer.getTable());
  if (!inner_table || !outer_table) return mlir::failure();
  ReplaceByLut(rewriter, outer, inner, Compose(*inner_table, *outer_table, outer.getShift()));
  return mlir::success();
}

// The second rounding adds noise and no information.
LogicalResult MergeExtracts(mpc::ExtractOp op, PatternRewriter& rewriter) {
  auto inner = op.getInput().getDefiningOp<mpc::ExtractOp>();
  if (!inner || op->hasAttr(kLeakAttr) || inner->hasAttr(kLeakAttr)) return mlir::failure();
  rewriter.replaceOpWithNewOp<mpc::ExtractOp>(op, op.getType(), inner.getInput());
  return mlir::success();
}

// floor(floor(x / 2^a) / 2^b) = floor(x / 2^(a + b)), so that an exact read of the top bits of a
// truncated value reads the value itself.
template <typename Op>
LogicalResult ReadBeforeTruncation(Op op, PatternRewriter& rewriter) {
  auto truncate = op.getInput().template getDefiningOp<mpc::TruncateOp>();
  if (!truncate || truncate->hasAttr(kLeakAttr) || op->hasAttr(kLeakAttr)) return mlir::failure();
  rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(truncate.getInput()); });
  return mlir::success();
}

bool Reads(mlir::Operation* op) {
  return llvm::isa<mpc::TruncateOp, mpc::PublicLutOp, mpc::PrivateLutOp, mpc::SaturateOp>(op);
}

// Whether all that is computed of a truncated value goes on to exact reads.
bool OnlyReadExactly(mlir::Value value) {
  return llvm::all_of(value.getUsers(), [](mlir::Operation* user) {
    if (Reads(user)) return true;
    return llvm::isa<mpc::AddPublicOp, mpc::ReshapeOp, mpc::TransposeOp, mpc::SliceOp>(user) &&
           OnlyReadExactly(user->getResult(0));
  });
}

// A local step between a truncation and what reads it exactly moves before it.
template <typename Op>
LogicalResult MoveBeforeTruncation(Op op, PatternRewriter& rewriter) {
  auto truncate = op.getInput().template getDefiningOp<mpc::TruncateOp>();
  if (!truncate || truncate->hasAttr(kLeakAttr) || op->hasAttr(kLeakAttr)) return mlir::failure();
  if (!OnlyReadExactly(truncate)) return mlir::failure();
  const mpc::ShareType wide = llvm::cast<mpc::ShareType>(truncate.getInput().getType());
  auto moved = llvm::cast<Op>(rewriter.clone(*op));
  moved.getInputMutable().assign(truncate.getInput());
  moved.getResult().setType(op.getType().withKind(wide.getKind()).withWidth(wide.getWidth()));
  if constexpr (std::is_same_v<Op, mpc::AddPublicOp>)
    moved.setValue(static_cast<int64_t>(static_cast<uint64_t>(op.getValue())
                                        << (wide.getWidth() - mpc::Share(truncate).getWidth())));
  rewriter.replaceOpWithNewOp<mpc::TruncateOp>(op, op.getType(), moved.getResult());
  return mlir::success();
}

// Makes every table of `narrow` read the same bits of `wide`, of which `narrow` holds the top ones.
void ReadBitsOf(Value wide, mpc::ExtractOp narrow) {
  unsigned below = mpc::Share(wide).getWidth() - mpc::Share(narrow).getWidth();
  for (mlir::OpOperand& use : llvm::make_early_inc_range(narrow->getUses())) {
    auto lut = llvm::dyn_cast<mpc::LutOp>(use.getOwner());
    if (!lut) continue;
    use.set(wide);
    lut.setShift(lut.getShift() + below);
  }
}

bool OnlyTablesRead(mpc::ExtractOp op) {
  return llvm::all_of(op->getUsers(),
                      [](mlir::Operation* user) { return llvm::isa<mpc::LutOp>(user); });
}

// All of them read one wire, so any place where one stands will do.
void MoveToFront(mlir::Operation* op, llvm::ArrayRef<mpc::ExtractOp> extracts) {
  mpc::ExtractOp first = extracts.front();
  if (op != first) op->moveBefore(first);
}

// Openings of the wire itself serve all its extracted indices; without one the widest of them does.
void ShareOpenings(mlir::func::FuncOp function) {
  Openings openings(function);
  llvm::MapVector<Value, llvm::SmallVector<mpc::ExtractOp>> indices;
  function.walk([&](mpc::ExtractOp op) { indices[op.getInput()].push_back(op); });
  for (auto& [wire, extracts] : indices) {
    Value wide = wire;
    if (!openings.IsOpened(wire)) {
      wide = *llvm::max_element(extracts, [&](mpc::ExtractOp a, mpc::ExtractOp b) {
        return std::pair(openings.IsOpened(a), mpc::Share(a).getWidth()) <
               std::pair(openings.IsOpened(b), mpc::Share(b).getWidth());
      });
      if (!openings.IsOpened(wide)) continue;
      MoveToFront(wide.getDefiningOp(), extracts);
    }
    for (mpc::ExtractOp narrow : extracts)
      if (narrow.getResult() != wide && OnlyTablesRead(narrow)) ReadBitsOf(wide, narrow);
  }
}

// Algorithm:
//   1. Until nothing changes, merge extracts and exact reads, move local steps into tables, compose
//      tables.
//   2. Let the tables that are left share openings.
struct FuseExtractLut : impl::FuseExtractLutBase<FuseExtractLut> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    patterns.add(ComposeLuts).add(MergeExtracts).add(MoveIntoTable<mpc::AddPublicOp>);
    patterns.add(MoveIntoTable<mpc::MulPublicOp>).add(MoveIntoTable<mpc::ResizeOp>);
    patterns.add(MoveIntoTable<mpc::ExtractOp>);
    patterns.add(ReadBeforeTruncation<mpc::PublicLutOp>)
        .add(ReadBeforeTruncation<mpc::PrivateLutOp>)
        .add(ReadBeforeTruncation<mpc::SaturateOp>)
        .add(ReadBeforeTruncation<mpc::TruncateOp>)
        .add(MoveBeforeTruncation<mpc::AddPublicOp>)
        .add(MoveBeforeTruncation<mpc::ReshapeOp>)
        .add(MoveBeforeTruncation<mpc::TransposeOp>)
        .add(MoveBeforeTruncation<mpc::SliceOp>);
    if (mlir::failed(mlir::applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    ShareOpenings(getOperation());
    getOperation().walk([](mpc::ExtractOp op) {
      if (op->use_empty()) op.erase();
    });
  }
};

}  // namespace
}  // namespace mpcc
