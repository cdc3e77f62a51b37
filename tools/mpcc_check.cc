// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_check.h"

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "frontend/check.h"
#include "frontend/select_results.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/passes.h"
#include "passes/pipeline.h"
#include "tools/calibration.h"
#include "tools/load_model.h"
#include "tools/model_options.h"
#include "tools/pass_progress.h"
#include "tools/policy_options.h"
#include "tools/progress_line.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

struct CheckOptions {
  ModelOptions model;
  std::string calibrate;  // a file of sample inputs
  PolicyOptions policy;
  bool strict_ranges = false;
};

// False if the passes failed or refused something, which the context was told.
bool Run(mlir::PassManager& passes, mlir::ModuleOp module, const Reporter& reporter) {
  SayPasses(passes);
  if (mlir::failed(passes.run(module)) && reporter.errors().empty())
    EmitProblems(*module.getContext(), {{"model", "model", "a pass that failed", "no failure",
                                         "report it with the file: it is a fault of mpcc"}});
  return reporter.errors().empty();
}

// The canonical form, which the report is about; then, on a copy, all that compile does before
// there is a program.
bool RunCompiler(mlir::ModuleOp module, const CheckOptions& options, const OtherLengths& others,
                 const Reporter& reporter) {
  const mlir::OwningOpRef<mlir::ModuleOp> imported = module.clone();
  const PipelineOptions pipeline{
      options.policy.values(), {}, options.strict_ranges, SayRandomInputs};
  mlir::PassManager canonical(module->getContext());
  BuildCanonicalNnPipeline(canonical, pipeline);
  canonical.nest<mlir::func::FuncOp>().addPass(createChooseRings());
  if (!Run(canonical, module, reporter)) return false;
  mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
  if (options.calibrate.empty())
    ProbeModule(*copy, *imported, options.policy.policy());
  else if (!CalibrateModule(*copy, *imported, options.calibrate, options.policy.policy(), others))
    return false;
  mlir::PassManager lowering(module->getContext());
  BuildLoweringPipeline(lowering, pipeline);
  BuildSharingPipeline(lowering, pipeline);
  return Run(lowering, *copy, reporter);
}

bool Check(const CheckOptions& options) {
  const std::string& path = options.model.path;
  auto buckets = options.model.Buckets();
  if (!buckets) return false;
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  Reporter reporter(context, options.model.verbose);
  std::optional<ProgressLine> line("checking");
  ProgressLine::SayInnermost("reading the model");
  if (!FreezeDynamic(context, path, options.calibrate, *buckets)) return false;
  auto module = LoadBuckets(context, path, *buckets);
  if (module && options.model.pool.empty()) WarnOfTokenVectors(*module);
  if (module) ExpectRevealed(*module);
  const bool accepted = module &&
                        RunCompiler(*module, options, {path, buckets->front()}, reporter) &&
                        reporter.errors().empty();
  line.reset();
  const std::string count = CountText(reporter.errors());
  reporter.Print();
  for (const std::string& told : options.model.told) fmt::print("{}\n", told);
  if (accepted)
    fmt::print("{}", ReportModel(*module));
  else
    fmt::print(stderr, "{}\n", count);
  return accepted;
}

}  // namespace

void AddCheckCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App& command = *app.add_subcommand(
      "check", "list everything in a model that mpcc cannot take, or what it found");
  options->model.AddTo(command);
  options->model.AddPoolingTo(command);
  options->model.AddDigitsTo(command);
  options->policy.AddTo(command);
  command.add_option("--calibrate", options->calibrate, "as in 'mpcc compile'");
  command.add_flag("--strict-ranges", options->strict_ranges, "as in 'mpcc compile'");
  command.callback([options, &exit_code] {
    if (!Check(*options)) exit_code = 1;
  });
}

}  // namespace mpcc
