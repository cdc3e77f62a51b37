// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_check.h"

#include <fmt/format.h>

#include <memory>

#include "frontend/check.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/passes.h"
#include "passes/pipeline.h"
#include "tools/model_options.h"
#include "tools/register_compiler.h"

namespace mpcc {
namespace {

void Run(mlir::PassManager& passes, mlir::ModuleOp module, Problems& problems) {
  if (mlir::failed(passes.run(module)) && problems.empty())
    problems.push_back({"model", "model", "a pass that failed", "no failure", "report this model"});
}

// The canonical form, which the report is about; then, on a copy, all that compile does before
// there is a program, with its usual options and one bucket.
void RunCompiler(mlir::ModuleOp module, Problems& problems) {
  mlir::PassManager canonical(module->getContext());
  BuildCanonicalNnPipeline(canonical);
  canonical.nest<mlir::func::FuncOp>().addPass(createChooseRings());
  Run(canonical, module, problems);
  if (!problems.empty()) return;
  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
  mlir::PassManager lowering(module->getContext());
  BuildLoweringPipeline(lowering, {});
  BuildSharingPipeline(lowering, {});
  Run(lowering, *copy, problems);
}

bool CheckBucket(const std::string& path, const ImportOptions& bucket) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Problems problems, warnings;
  // Located messages of the importer's verifier and of passes become problems of the ONNX nodes.
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic& diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      problems.push_back(ProblemOf(diagnostic));
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Warning)
      warnings.push_back(ProblemOf(diagnostic));
    return mlir::success();
  });
  auto module = ImportOnnxFile(context, path, bucket, problems);
  if (module) RunCompiler(*module, problems);
  PrintProblems(warnings, "warning");
  if (problems.empty() && module) {
    fmt::print("{}", ReportModel(*module));
    return true;
  }
  PrintProblems(problems);
  fmt::print(stderr, "{} problem{}\n", problems.size(), problems.size() == 1 ? "" : "s");
  return false;
}

}  // namespace

void AddCheckCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ModelOptions>();
  CLI::App& command = *app.add_subcommand(
      "check", "list everything in a model that mpcc cannot take, or what it found");
  options->AddTo(command);
  command.callback([options, &exit_code] {
    auto buckets = options->Buckets();
    if (!buckets) exit_code = 1;
    for (size_t i = 0; buckets && i < buckets->size(); ++i)
      if (!CheckBucket(options->path, (*buckets)[i])) exit_code = 1;
  });
}

}  // namespace mpcc
