// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_verify.h"

#include <fmt/format.h>

#include <memory>

#include "mlir/Pass/PassManager.h"
#include "passes/pipeline.h"
#include "tools/calibration.h"
#include "tools/load_model.h"
#include "tools/manners.h"
#include "tools/pass_progress.h"
#include "tools/policy_options.h"
#include "tools/progress_line.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/sample_lengths.h"
#include "tools/sample_values.h"
#include "tools/static_model.h"
#include "tools/verification_report.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;
using Module = mlir::OwningOpRef<mlir::ModuleOp>;

constexpr int kRefused = 1, kDisagrees = 2;

struct VerifyOptions {
  ModelOptions model;
  std::string inputs;
  std::string calibrate;
  PolicyOptions policy;
  bool strict_ranges = false;
  double least = 0.99;
  bool each_site = false;
  bool json = false;
};

// The network in the three forms of VerifiedBucket, one function a length.
struct Forms {
  Module imported, canonical, lowered;
};

std::vector<FuncOp> FunctionsOf(mlir::ModuleOp module) {
  auto functions = module.getOps<FuncOp>();
  return {functions.begin(), functions.end()};
}

bool RunPasses(mlir::ModuleOp module, const PipelineOptions& options,
               void (*build)(mlir::OpPassManager&, const PipelineOptions&)) {
  mlir::PassManager passes(module->getContext());
  build(passes, options);
  SayPasses(passes);
  return mlir::succeeded(passes.run(module));
}

bool Lower(const VerifyOptions& options, const ImportOptions& any_length, Forms& forms) {
  const PipelineOptions pipeline{
      options.policy.values(), {}, options.strict_ranges, SayRandomInputs};
  forms.canonical = forms.imported->clone();
  if (!RunPasses(*forms.canonical, pipeline, BuildCanonicalNnPipeline)) return false;
  const LoweringPolicy policy = options.policy.policy();
  if (options.calibrate.empty())
    ProbeModule(*forms.canonical, *forms.imported, policy);
  else if (!CalibrateModule(*forms.canonical, *forms.imported, options.calibrate, policy,
                            OtherLengths{options.model.path, any_length}))
    return false;
  for (FuncOp function : FunctionsOf(*forms.canonical)) NumberValues(function);
  forms.lowered = forms.canonical->clone();
  return RunPasses(*forms.lowered, pipeline, BuildEmissionPipeline);
}

bool Run(const VerifyOptions& options, const Forms& forms,
         const std::vector<FittedSamples>& samples, Verification& all) {
  const auto imported = FunctionsOf(*forms.imported), canonical = FunctionsOf(*forms.canonical),
             lowered = FunctionsOf(*forms.lowered);
  size_t count = 0, before = 0;
  for (const FittedSamples& bucket : samples) count += bucket.inputs.size();
  ProgressLine line("verifying");
  for (size_t i = 0; i < imported.size(); ++i) {
    auto found = Verify({imported[i], canonical[i], lowered[i]}, samples[i], options.inputs,
                        options.each_site ? Feeding::kFiles : Feeding::kOwn,
                        [&](size_t done) { line.Update(before + done, count); });
    if (!found.ok()) {
      fmt::print(stderr, "error: {}\n", std::string(found.status().message()));
      return false;
    }
    for (const auto& [key, site] : found->sites)
      if (auto [known, added] = all.sites.try_emplace(key, site); !added) known->second.Merge(site);
    all.agreements.insert(all.agreements.end(), found->agreements.begin(), found->agreements.end());
    before += samples[i].inputs.size();
  }
  return true;
}

bool Verify(const VerifyOptions& options, Verification& all) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, options.model.verbose);
  const ProgressLine line("compiling");
  ProgressLine::SayInnermost("reading the model");
  Problems problems;
  const std::vector<Sample> samples = ReadSamples(options.inputs, problems);
  auto buckets = options.model.Buckets();
  EmitProblems(context, problems);
  if (!problems.empty() || !buckets) return false;
  if (!FreezeDynamic(context, options.model.path,
                     options.calibrate.empty() ? options.inputs : options.calibrate, *buckets))
    return false;
  const auto lengths = LengthsFor(context, options.model.path, *buckets, samples);
  Forms forms{LoadBuckets(context, options.model.path, lengths), {}, {}};
  if (!forms.imported || !ExpectRevealed(*forms.imported)) return false;
  const auto fitted =
      FitCheckedSamples(FunctionsOf(*forms.imported), samples, options.inputs, problems);
  EmitProblems(context, problems);
  return problems.empty() && Lower(options, lengths.front(), forms) &&
         Run(options, forms, fitted, all);
}

int VerifyAndReport(const VerifyOptions& options) {
  Verification found;
  if (!Verify(options, found)) return kRefused;
  if (options.json)
    fmt::print("{}\n", ReportJson(found).dump());
  else
    fmt::print("{}", ReportText(found, options.model.verbose));
  return LeastCosine(found) < options.least ? kDisagrees : 0;
}

void AddOptions(CLI::App& command, VerifyOptions& options) {
  options.model.AddTo(command);
  options.model.AddPoolingTo(command);
  options.model.AddDigitsTo(command);
  command
      .add_option("--inputs", options.inputs,
                  "sample inputs, one JSON object or list of token ids a line (tools/tokenize)")
      ->required();
  command.add_option("--calibrate", options.calibrate, "as in 'mpcc compile'");
  command.add_flag("--strict-ranges", options.strict_ranges, "as in 'mpcc compile'");
  options.policy.AddTo(command);
  command
      .add_option("--least", options.least, "exit code 2 where an answer's cosine is below this")
      ->check(RealIn(-1, 1))
      ->capture_default_str();
  command.add_flag("--each-site", options.each_site,
                   "products and normalizations read the file's own values, so that a difference "
                   "is that of one site");
  command.add_flag("--json", options.json, "everything that was found, as JSON");
}

}  // namespace

void AddVerifyCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App& command = *app.add_subcommand(
      "verify", "compare the private program with the model in the clear, on sample inputs");
  AddOptions(command, *options);
  command.callback([options, &exit_code] { exit_code = VerifyAndReport(*options); });
}

}  // namespace mpcc
