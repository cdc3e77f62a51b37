// SPDX-License-Identifier: Apache-2.0
#include "passes/offline/programs.h"

#include "mlir/IR/SymbolTable.h"
#include "passes/offline/passes.h"

namespace mpcc {

mlir::FailureOr<llvm::SmallVector<SplitProgram>> SplitProgramsOf(mlir::ModuleOp module) {
  llvm::SmallVector<SplitProgram> programs;
  for (auto online : module.getOps<mlir::func::FuncOp>()) {
    auto name = online->getAttrOfType<mlir::FlatSymbolRefAttr>(kOfflineAttr);
    if (!name) continue;
    auto offline = mlir::SymbolTable::lookupNearestSymbolFrom<mlir::func::FuncOp>(module, name);
    if (!offline || offline.isExternal() || online.isExternal())
      return online.emitOpError() << "names " << name
                                  << " as its offline part, but the module does not define both";
    programs.push_back({online, offline});
  }
  return programs;
}

mlir::Block& BodyOf(mlir::func::FuncOp function) { return function.getBody().front(); }

void BuildOfflinePipeline(mlir::OpPassManager& pm) {
  pm.addPass(createHoistToOffline());
  pm.addPass(createScheduleOfflineTables());
  pm.addNestedPass<mlir::func::FuncOp>(createPlanBuffers());
  pm.addNestedPass<mlir::func::FuncOp>(createAnnotateCost());
}

}  // namespace mpcc
