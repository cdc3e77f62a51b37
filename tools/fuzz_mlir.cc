// SPDX-License-Identifier: Apache-2.0
// A file of the compiler's, as test/passes has them: the passes of its first RUN line on each of
// its modules. Text that is damaged must be refused by a diagnostic or make a module that verifies.
#include <vector>

#include "llvm/ADT/STLExtras.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "tools/module_text.h"
#include "tools/register_compiler.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

// A module with more elements is none that the passes, which compute with them, are tried on.
constexpr int64_t kMostElements = 1 << 14;

// A pass or a pipeline of a RUN line, and what it is given.
struct Named {
  const mlir::PassRegistryEntry* entry;
  llvm::StringRef options;
};

const mlir::PassRegistryEntry* Lookup(llvm::StringRef name) {
  if (const mlir::PassInfo* pass = mlir::PassInfo::lookup(name)) return pass;
  return mlir::PassPipelineInfo::lookup(name);
}

std::vector<Named> PassesOf(llvm::StringRef text) {
  std::vector<Named> passes;
  const llvm::StringRef line =
      text.split("RUN: mpcc-opt").second.split('\n').first.split('|').first;
  llvm::SmallVector<llvm::StringRef> words;
  line.split(words, ' ', -1, false);
  for (llvm::StringRef word : words) {
    const auto [name, options] = word.ltrim('-').split('=');
    const mlir::PassRegistryEntry* entry = word.starts_with("-") ? Lookup(name) : nullptr;
    // MLIR's own parser of options waits for the end of what is open, without an end.
    const llvm::StringRef given = options.trim('\'');
    if (entry && given.find_first_of("\"'()[]{}") == llvm::StringRef::npos)
      passes.push_back({entry, given});
  }
  return passes;
}

// As mpcc-opt takes them, those of functions too; false if options are wrong.
bool Add(llvm::ArrayRef<Named> passes, mlir::PassManager& manager) {
  const auto refuse = [](const llvm::Twine&) { return mlir::failure(); };
  return llvm::all_of(passes, [&](const Named& pass) {
    const bool added = succeeded(pass.entry->addToPipeline(manager, pass.options, refuse));
    if (!added && pass.options.empty()) __builtin_trap();
    return added;
  });
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

void Run(llvm::StringRef text, llvm::ArrayRef<Named> passes) {
  mlir::DialectRegistry registry;
  mpcc::RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  context.disableMultithreading();
  const mlir::ScopedDiagnosticHandler quiet(&context,
                                            [](mlir::Diagnostic&) { return mlir::success(); });
  const auto module = mpcc::ParseModule(text, "fuzz", context);
  if (!module || !IsSmall(*module)) return;
  mlir::PassManager manager(&context, mlir::ModuleOp::getOperationName(),
                            mlir::PassManager::Nesting::Implicit);
  if (!Add(passes, manager)) return;
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
  const std::vector<Named> passes = PassesOf(text);
  if (passes.empty()) return 0;
  llvm::SmallVector<llvm::StringRef> modules;
  text.split(modules, "// -----");
  for (llvm::StringRef module : modules) Run(module, passes);
  return 0;
}
