// SPDX-License-Identifier: Apache-2.0
#include "tools/register_compiler.h"

#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "passes/nn/passes.h"

namespace mpcc {

void RegisterMpccDialects(mlir::DialectRegistry& registry) {
  registry.insert<nn::NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
}

void RegisterMpccPasses() {
  registerNnPasses();
  mlir::registerCSEPass();
  mlir::registerCanonicalizerPass();
  mlir::PassPipelineRegistration<>(
      "canonical-nn", "imported nn to canonical nn",
      [](mlir::OpPassManager& passes) { AddCanonicalNnPasses(passes.nest<mlir::func::FuncOp>()); });
}

}  // namespace mpcc
