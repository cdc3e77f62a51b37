// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_check.h"

#include <fmt/format.h>

#include <memory>

#include "frontend/check.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/passes.h"
#include "passes/pipeline.h"
#include "tools/load_model.h"
#include "tools/model_options.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

// False if the passes failed or refused something, which the context was told.
bool Run(mlir::PassManager& passes, mlir::ModuleOp module, const Reporter& reporter) {
  if (mlir::failed(passes.run(module)) && reporter.errors().empty())
    EmitProblems(*module.getContext(), {{"model", "model", "a pass that failed", "no failure",
                                         "report it with the file: it is a fault of mpcc"}});
  return reporter.errors().empty();
}

// The canonical form, which the report is about; then, on a copy, all that compile does before
// there is a program, with its usual options and one bucket.
bool RunCompiler(mlir::ModuleOp module, const Reporter& reporter) {
  mlir::PassManager canonical(module->getContext());
  BuildCanonicalNnPipeline(canonical);
  canonical.nest<mlir::func::FuncOp>().addPass(createChooseRings());
  if (!Run(canonical, module, reporter)) return false;
  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
  mlir::PassManager lowering(module->getContext());
  BuildLoweringPipeline(lowering, {});
  BuildSharingPipeline(lowering, {});
  return Run(lowering, *copy, reporter);
}

bool CheckBucket(const ModelOptions& options, const ImportOptions& bucket) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Reporter reporter(context, options.verbose);
  Problems problems;
  auto module = ImportOnnxFile(context, options.path, bucket, problems);
  EmitProblems(context, problems);
  if (module) MarkExactLength(*module);
  const bool accepted = module && reporter.errors().empty() && RunCompiler(*module, reporter);
  const std::string count = CountText(reporter.errors());
  reporter.Print();
  if (accepted)
    fmt::print("{}", ReportModel(*module));
  else
    fmt::print(stderr, "{}\n", count);
  return accepted;
}

bool Check(const ModelOptions& options) {
  auto buckets = options.Buckets();
  if (!buckets) return false;
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Reporter reporter(context, options.verbose);
  if (!FreezeDynamic(context, options.path, "", *buckets)) return false;
  reporter.Print();
  bool passed = true;
  for (const ImportOptions& bucket : *buckets) passed &= CheckBucket(options, bucket);
  return passed;
}

}  // namespace

void AddCheckCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ModelOptions>();
  CLI::App& command = *app.add_subcommand(
      "check", "list everything in a model that mpcc cannot take, or what it found");
  options->AddTo(command);
  command.callback([options, &exit_code] {
    if (!Check(*options)) exit_code = 1;
  });
}

}  // namespace mpcc
