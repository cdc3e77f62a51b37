// SPDX-License-Identifier: Apache-2.0
// A file of the compiler's, as test/passes has them: the passes of its first RUN line on each of
// its modules. Text that is damaged must be refused by a diagnostic or make a module that verifies.
#include <string>
#include <vector>

#include "llvm/ADT/StringExtras.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "tools/register_compiler.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

// A module with more elements is none that the passes, which compute with them, are tried on.
constexpr int64_t kMostElements = 1 << 14;

// "name{options}" of each option of the line that is a pass or a pipeline.
std::vector<std::string> PassesOf(llvm::StringRef text) {
  std::vector<std::string> passes;
  const llvm::StringRef line =
      text.split("RUN: mpcc-opt").second.split('\n').first.split('|').first;
  llvm::SmallVector<llvm::StringRef> words;
  line.split(words, ' ', -1, false);
  for (llvm::StringRef word : words) {
    const auto [name, options] = word.ltrim('-').split('=');
    if (!word.starts_with("-") ||
        !(mlir::PassInfo::lookup(name) || mlir::PassPipelineInfo::lookup(name)))
      continue;
    // MLIR's own parser of options waits for the end of what is open, without an end.
    const llvm::StringRef given = options.trim('\'');
    if (given.find_first_of("\"'()[]{}") == llvm::StringRef::npos)
      passes.push_back((name + "{" + given + "}").str());
  }
  return passes;
}

bool IsSmall(mlir::ModuleOp module) {
  int64_t elements = 0;
  const auto add = [&](mlir::Type type) {
    const auto shaped = llvm::dyn_cast<mlir::ShapedType>(type);
    if (!shaped || !shaped.hasStaticShape()) return;
    int64_t count = 1;
    for (int64_t size : shaped.getShape())
      count = std::min(kMostElements, count) * std::min(kMostElements, size);
    elements += std::min(count, kMostElements);
  };
  module.walk([&](mlir::Operation* op) {
    for (mlir::Type type : op->getResultTypes()) add(type);
    for (mlir::Region& region : op->getRegions())
      for (mlir::Block& block : region)
        for (mlir::Type type : block.getArgumentTypes()) add(type);
  });
  return elements < kMostElements;
}

// MLIR's lexer reads the zero behind the text.
void Run(const std::string& text, const std::string& pipeline) {
  mlir::DialectRegistry registry;
  mpcc::RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  context.disableMultithreading();
  const mlir::ScopedDiagnosticHandler quiet(&context,
                                            [](mlir::Diagnostic&) { return mlir::success(); });
  const auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module || !IsSmall(*module)) return;
  mlir::PassManager manager(&context);
  if (failed(mlir::parsePassPipeline(pipeline, manager, llvm::nulls()))) return;
  (void)manager.run(*module);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  mpcc::RegisterMpccPasses();
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  // Half of the time where a module begins, so that passes and their options are kept.
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  const size_t begin = seed % 2 ? text.find("func.func") : 0;
  if (begin == llvm::StringRef::npos) return LLVMFuzzerMutate(data, size, max_size);
  return begin + LLVMFuzzerMutate(data + begin, size - begin, max_size - begin);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const llvm::StringRef text(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> passes = PassesOf(text);
  if (passes.empty()) return 0;
  llvm::SmallVector<llvm::StringRef> modules;
  text.split(modules, "// -----");
  for (llvm::StringRef module : modules) Run(module.str(), llvm::join(passes, ","));
  return 0;
}
