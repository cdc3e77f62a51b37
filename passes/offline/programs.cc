// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/programs.h"

#include "mlir/IR/SymbolTable.h"
#include "passes/offline/passes.h"

namespace mpcc {

mlir::FailureOr<llvm::SmallVector<SplitProgram>> SplitProgramsOf(mlir::ModuleOp module) {
  llvm::SmallVector<SplitProgram> programs;
  for (auto online : module.getOps<mlir::func::FuncOp>()) {
    auto name = online->getAttrOfType<mlir::FlatSymbolRefAttr>(mpc::kOfflineAttr);
    if (!name) continue;
    auto offline = mlir::SymbolTable::lookupNearestSymbolFrom<mlir::func::FuncOp>(module, name);
    if (!offline || offline.isExternal() || online.isExternal())
      return online.emitOpError() << "names " << name
                                  << " as its offline part, but the module does not define both";
    programs.push_back({online, offline});
  }
  return programs;
}

mlir::DictionaryAttr DealParamsOf(mlir::Operation* op) {
  auto numbered = llvm::dyn_cast<mpc::StreamsOp>(op);
  const llvm::StringRef excluded[] = {
      numbered ? numbered.getStreamsAttrName().getValue() : llvm::StringRef(),
      mlir::OpTrait::AttrSizedOperandSegments<mpc::ProductOp>::getOperandSegmentSizeAttr()};
  llvm::SmallVector<mlir::NamedAttribute> params;
  for (mlir::StringAttr name : op->getName().getAttributeNames())
    if (mlir::Attribute value = op->getAttr(name); value && !llvm::is_contained(excluded, name))
      params.emplace_back(name, value);
  return mlir::DictionaryAttr::get(op->getContext(), params);
}

mlir::Block& BodyOf(mlir::func::FuncOp function) { return function.getBody().front(); }

void BuildOfflinePipeline(mlir::OpPassManager& pm) {
  pm.addPass(createHoistToOffline());
  pm.addPass(createScheduleOfflineTables());
  pm.addNestedPass<mlir::func::FuncOp>(createPlanBuffers());
  pm.addNestedPass<mlir::func::FuncOp>(createAnnotateCost());
}

}  // namespace mpcc
