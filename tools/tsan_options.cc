// SPDX-License-Identifier: Apache-2.0
// Part of every program with MLIR that is built with the thread sanitizer. It sees no order between
// MLIR's threads, which meet in a library that is compiled without it: contexts have one thread.
#include "llvm/Support/CommandLine.h"
#include "mlir/IR/MLIRContext.h"

namespace {

[[maybe_unused]] const bool kOneThread = [] {
  mlir::registerMLIRContextCLOptions();
  const char* const arguments[] = {"", "-mlir-disable-threading"};
  return llvm::cl::ParseCommandLineOptions(2, arguments);
}();

}  // namespace
