// SPDX-License-Identifier: Apache-2.0
#include "tools/register_compiler.h"

#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/pipeline.h"

namespace mpcc {

void RegisterMpccDialects(mlir::DialectRegistry& registry) {
  registry.insert<nn::NnDialect, mpc::MpcDialect, mlir::func::FuncDialect,
                  mlir::quant::QuantizationDialect>();
}

void RegisterMpccPasses() { registerMpccPasses(); }

}  // namespace mpcc
