// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_compile.h"

#include <memory>

#include "frontend/frontend.h"
#include "llvm/Support/ToolOutputFile.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/Timing.h"
#include "passes/nn/passes.h"
#include "tools/model_options.h"
#include "tools/register_compiler.h"

namespace mpcc {
namespace {

struct CompileOptions {
  ModelOptions model;
  std::string emit = "nn";
  std::string output = "-";
  bool print_after_all = false;
  bool timing = false;
  int64_t elide = 0;
};

// The stages in order; a stage runs the passes of all stages before it and its own.
bool RunPasses(mlir::ModuleOp module, const CompileOptions& options) {
  mlir::PassManager passes(module->getContext());
  if (options.print_after_all) {
    module->getContext()->disableMultithreading();
    mlir::OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(64);
    passes.enableIRPrinting([](auto*, auto*) { return false; }, [](auto*, auto*) { return true; },
                            false, false, false, llvm::errs(), flags);
  }
  if (options.timing) passes.enableTiming();
  if (options.emit == "onnx-nn") return true;
  AddCanonicalNnPasses(passes.nest<mlir::func::FuncOp>());
  passes.nest<mlir::func::FuncOp>().addPass(createVerifyCanonicalNn());
  return mlir::succeeded(passes.run(module));
}

bool Print(mlir::ModuleOp module, const CompileOptions& options) {
  std::string message;
  auto file = mlir::openOutputFile(options.output, &message);
  if (!file) {
    llvm::errs() << "error: " << message << "\n";
    return false;
  }
  mlir::OpPrintingFlags flags;
  if (options.elide > 0)
    flags.elideLargeElementsAttrs(options.elide).elideLargeResourceString(options.elide);
  module.print(file->os(), flags);
  file->os() << "\n";
  file->keep();
  return true;
}

bool CompileBucket(const CompileOptions& options, const ImportOptions& bucket) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Problems problems;
  auto module = ImportOnnxFile(context, options.model.path, bucket, problems);
  PrintProblems(problems);
  return module && RunPasses(*module, options) && Print(*module, options);
}

}  // namespace

void AddCompileCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CompileOptions>();
  CLI::App& command = *app.add_subcommand("compile", "compile a model");
  options->model.AddTo(command);
  command
      .add_option("--emit", options->emit, "what to write: onnx-nn (as imported) or nn (canonical)")
      ->check(CLI::IsMember({"onnx-nn", "nn"}));
  command.add_option("-o,--output", options->output, "file to write, - for standard output");
  command.add_option("--elide", options->elide, "leave out constants of more elements than this");
  command.add_flag("--mlir-print-ir-after-all", options->print_after_all,
                   "print the IR after each pass");
  command.add_flag("--mlir-timing", options->timing, "print the time each pass took");
  command.callback([options, &exit_code] {
    auto buckets = options->model.Buckets();
    if (!buckets) exit_code = 1;
    for (size_t i = 0; buckets && i < buckets->size(); ++i)
      if (!CompileBucket(*options, (*buckets)[i])) exit_code = 1;
  });
}

}  // namespace mpcc
