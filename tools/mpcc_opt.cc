// SPDX-License-Identifier: Apache-2.0
// mpcc-opt: runs any pass of the compiler on any file.
#include "llvm/Support/CommandLine.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mpcc/version.h"
#include "tools/guarded_main.h"
#include "tools/register_compiler.h"

namespace mpcc {
namespace {

int Main(int argc, char** argv) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  RegisterMpccPasses();
  llvm::cl::AddExtraVersionPrinter(
      [](llvm::raw_ostream& out) { out << "mpcc-opt " << kVersion << "\n"; });
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "mpcc optimizer\n", registry));
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-opt", argc, argv, mpcc::Main); }
