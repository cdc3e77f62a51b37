// SPDX-License-Identifier: Apache-2.0
#include "tools/alternatives.h"

#include <fmt/format.h>

#include <vector>

#include "ir/mpc/mpc.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "passes/lower/passes.h"
#include "passes/offline/programs.h"
#include "tools/compile_summary.h"
#include "tools/progress_line.h"

namespace mpcc {
namespace {

// Keys of the policy that are set beside those that were asked for.
constexpr struct {
  const char* name;
  const char* keys[2];
} kAlternatives[] = {
    {"as chosen", {}},
    {"for --net local", {"net-rtt=6e-05", "net-bw=1e10"}},
    {"for --net lan", {"net-rtt=0.0002", "net-bw=1e10"}},
    {"for --net wan", {"net-rtt=0.04", "net-bw=1e8"}},
    {"no bits found before they enter a ring", {"read-by-bits=0"}},
    {"no saturation by digits", {"read-by-digits=0"}},
    {"leading bits joined in rounds", {"leading-joined=1"}},
    {"no functions by lines", {"function-lines=0"}},
};

std::string KeyOf(const std::string& value) { return value.substr(0, value.find('=')); }

PipelineOptions With(PipelineOptions options, const char* const (&keys)[2]) {
  for (const char* key : keys) {
    if (!key) continue;
    std::erase_if(options.policy,
                  [&](const std::string& value) { return KeyOf(value) == KeyOf(key); });
    options.policy.emplace_back(key);
  }
  return options;
}

// The first problem, if it does not compile so.
std::string Compile(mlir::ModuleOp module, const PipelineOptions& options) {
  std::string problem;
  const mlir::ScopedDiagnosticHandler collect(
      module.getContext(), [&](mlir::Diagnostic& diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error && problem.empty())
          problem = diagnostic.str();
        return mlir::success();
      });
  mlir::PassManager passes(module.getContext());
  BuildLoweringPipeline(passes, options);
  BuildSharingPipeline(passes, options);
  BuildProgramPipeline(passes, options);
  if (mlir::failed(passes.run(module)) && problem.empty()) problem = "it does not compile";
  return problem;
}

std::vector<Cost> CostsOf(mlir::ModuleOp module) {
  std::vector<Cost> costs;
  const auto programs = SplitProgramsOf(module);
  if (mlir::failed(programs)) return costs;
  for (SplitProgram program : *programs)
    costs.push_back(program.online->getAttrOfType<mpc::CostAttr>(mpc::kCostAttr).value());
  return costs;
}

}  // namespace

std::vector<Alternative> AlternativesOf(mlir::ModuleOp canonical, const PipelineOptions& options) {
  std::vector<Alternative> alternatives;
  // What is measured on random inputs is the same for all.
  mlir::OwningOpRef<mlir::ModuleOp> measured = canonical.clone();
  mlir::PassManager calibration(canonical.getContext());
  calibration.addPass(CreateCalibrateRanges(options.progress));
  if (mlir::failed(calibration.run(*measured))) return alternatives;
  for (const auto& [name, keys] : kAlternatives) {
    const mlir::OwningOpRef<mlir::ModuleOp> module = measured->clone();
    ProgressLine::SayInnermost(fmt::format("alternatives, {}", name));
    Alternative alternative{name, Compile(*module, With(options, keys)), {}};
    if (alternative.problem.empty()) alternative.costs = CostsOf(*module);
    alternatives.push_back(std::move(alternative));
  }
  return alternatives;
}

std::string ToString(const std::vector<Alternative>& alternatives, const NetworkProfile& network) {
  std::string text = fmt::format("{:<40}{}\n", "alternatives", CostColumnTitles());
  for (const Alternative& one : alternatives) {
    std::string name = one.name;
    if (!one.problem.empty()) text += fmt::format("  {:<38}{}\n", name, one.problem);
    for (const Cost& cost : one.costs) {
      text += fmt::format("  {:<38}{}\n", name, CostColumns(cost, network));
      name.clear();
    }
  }
  return text;
}

}  // namespace mpcc
