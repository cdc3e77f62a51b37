// SPDX-License-Identifier: Apache-2.0
#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/analysis/phase.h"
#include "passes/offline/passes.h"
#include "passes/offline/programs.h"
#include "passes/offline/streams.h"

namespace mpcc {

#define GEN_PASS_DEF_HOISTTOOFFLINE
#include "passes/offline/passes.h.inc"

namespace {

using mpc::Role;
using mpc::ShareKind;
using mpc::ShareType;

// Writes P0's function from the operations of the online one, in their order.
class OfflineWriter {
 public:
  OfflineWriter(const PhaseAnalysis& phase, mlir::func::FuncOp offline)
      : phase_(phase), builder_(mlir::OpBuilder::atBlockEnd(offline.addEntryBlock())) {}

  void Write(mlir::Operation* op) {
    switch (mpc::RoleOf(op)) {
      case Role::kConstant:
        return WriteConstant(op);
      case Role::kDrawsMasks:
        return WriteDraws(op);
      case Role::kLocal:
        return WriteArithmetic(op);
      case Role::kDeals:
        return WriteDeal(op);
      case Role::kOnline:
      case Role::kAbstract:
      case Role::kAtP0:
        return;
    }
  }

  void Finish(mlir::Location loc) { builder_.create<mlir::func::ReturnOp>(loc); }

 private:
  void WriteConstant(mlir::Operation* op) {
    if (phase_.IsNeededOffline(op->getResult(0))) builder_.clone(*op, masks_);
  }

  void WriteDraws(mlir::Operation* op) {
    for (auto [result, stream] : llvm::zip(op->getResults(), mpc::StreamsOf(op))) {
      if (!phase_.IsNeededOffline(result)) continue;
      auto type = llvm::cast<ShareType>(result.getType()).withKind(ShareKind::mask);
      masks_.map(result,
                 builder_.create<mpc::MaskOp>(op->getLoc(), type, llvm::ArrayRef<int64_t>(stream),
                                              llvm::isa<mpc::InputOp>(op)));
    }
  }

  // A public summand leaves the mask as it is; every other operation acts on masks as on shares.
  void WriteArithmetic(mlir::Operation* op) {
    mlir::Value result = op->getResult(0);
    if (!phase_.IsNeededOffline(result)) return;
    if (llvm::isa<mpc::AddPublicOp>(op))
      return masks_.map(result, masks_.lookup(op->getOperand(0)));
    mlir::Operation* copy = builder_.clone(*op, masks_);
    copy->getResult(0).setType(llvm::cast<ShareType>(result.getType()).withKind(ShareKind::mask));
  }

  void WriteDeal(mlir::Operation* op) {
    llvm::SmallVector<mlir::Value> inputs;
    for (mlir::Value operand : op->getOperands()) inputs.push_back(masks_.lookup(operand));
    builder_.create<mpc::DealOp>(op->getLoc(), op->getName().stripDialect(), inputs,
                                 mpc::StreamsOf(op), DealParamsOf(op), op->getResult(0).getType());
  }

  const PhaseAnalysis& phase_;
  mlir::OpBuilder builder_;
  mlir::IRMapping masks_;  // online values -> P0's masks and constants
};

// Puts a placeholder where each private constant was, with its marks.
void SealConstants(mlir::func::FuncOp online) {
  for (auto constant : llvm::make_early_inc_range(online.getOps<mpc::ConstantOp>())) {
    mlir::OpBuilder builder(constant);
    if (!constant.use_empty()) {
      auto sealed = builder.create<mpc::SealedOp>(constant.getLoc(), constant.getType());
      sealed->setDiscardableAttrs(constant->getDiscardableAttrDictionary());
      constant.replaceAllUsesWith(sealed.getResult());
    }
    constant.erase();
  }
}

mlir::func::FuncOp CreateOfflineFunction(mlir::func::FuncOp online, mlir::SymbolTable& symbols) {
  mlir::OpBuilder builder(online.getContext());
  builder.setInsertionPointAfter(online);
  auto offline = builder.create<mlir::func::FuncOp>(
      online.getLoc(), (online.getName() + "_offline").str(), builder.getFunctionType({}, {}));
  offline.setPrivate();
  symbols.insert(offline, std::next(mlir::Block::iterator(online)));
  online->setAttr(mpc::kOfflineAttr, mlir::FlatSymbolRefAttr::get(offline));
  offline->setAttr(mpc::kOnlineAttr, mlir::FlatSymbolRefAttr::get(online));
  return offline;
}

// Splits each program in four steps:
//  1. refuse functions that are split already, branch, or use values P0 cannot know;
//  2. number the streams;
//  3. write the offline function from what the analysis found;
//  4. seal the private constants of the online function.
struct HoistToOfflinePass : impl::HoistToOfflineBase<HoistToOfflinePass> {
  void runOnOperation() override {
    llvm::SmallVector<mlir::func::FuncOp> functions;
    for (auto function : getOperation().getOps<mlir::func::FuncOp>())
      if (!function.isExternal() && !function->hasAttr(mpc::kOnlineAttr))
        functions.push_back(function);
    for (mlir::func::FuncOp function : functions)
      if (failed(Check(function)) || failed(AssignStreams(function))) return signalPassFailure();
    if (failed(AssignWeightStreams(functions))) return signalPassFailure();
    mlir::SymbolTable symbols(getOperation());
    for (mlir::func::FuncOp function : functions) Split(function, symbols);
  }

  static mlir::LogicalResult Check(mlir::func::FuncOp function) {
    if (function->hasAttr(mpc::kOfflineAttr))
      return function.emitOpError() << "is split already: it names an offline part";
    if (!function.getBody().hasOneBlock())
      return function.emitOpError() << "has several blocks, programs are straight-line code";
    return PhaseAnalysis(function).CheckDealable();
  }

  static void Split(mlir::func::FuncOp online, mlir::SymbolTable& symbols) {
    const PhaseAnalysis phase(online);
    mlir::func::FuncOp offline = CreateOfflineFunction(online, symbols);
    OfflineWriter writer(phase, offline);
    for (mlir::Operation& op : BodyOf(online)) writer.Write(&op);
    writer.Finish(online.getLoc());
    SealConstants(online);
  }
};

}  // namespace
}  // namespace mpcc
