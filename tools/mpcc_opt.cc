// SPDX-License-Identifier: Apache-2.0
// mpcc-opt: runs any pass of the compiler on any file.
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tools/register_compiler.h"

int main(int argc, char** argv) {
  mlir::DialectRegistry registry;
  mpcc::RegisterMpccDialects(registry);
  mpcc::RegisterMpccPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "mpcc optimizer\n", registry));
}
