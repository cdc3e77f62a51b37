// SPDX-License-Identifier: Apache-2.0
#include "passes/pipeline.h"

#include "llvm/ADT/STLExtras.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/leak/passes.h"
#include "passes/lower/passes.h"
#include "passes/mpc/passes.h"
#include "passes/nn/passes.h"
#include "passes/offline/passes.h"

namespace mpcc {

using mlir::OpPassManager;
using mlir::func::FuncOp;

namespace {

void AddVerifyNoLeak(OpPassManager& pm, const PipelineOptions& options) {
  VerifyNoLeakOptions verify;
  std::vector<std::string> allow = options.allow_leak;
  for (const std::string& key : options.policy)
    if (llvm::StringRef(key).starts_with("softmax-bound="))
      allow.push_back(kSoftmaxBoundLeak.str());
  verify.allow = allow;
  pm.addPass(createVerifyNoLeak(verify));
}

void AddSetPolicy(OpPassManager& pm, const PipelineOptions& options) {
  SetPolicyOptions policy;
  policy.policyValues = options.policy;
  pm.addPass(createSetPolicy(policy));
}

void AddCleanup(OpPassManager& function_passes) {
  function_passes.addPass(mlir::createCanonicalizerPass());
  function_passes.addPass(mlir::createCSEPass());
}

struct CommandLineOptions : mlir::PassPipelineOptions<CommandLineOptions> {
  ListOption<std::string> policy{*this, "policy",
                                 llvm::cl::desc("key=value of set-policy, separated by commas")};
  ListOption<std::string> allow_leak{*this, "allow-leak",
                                     llvm::cl::desc("kinds of declared leakage to allow")};

  Option<bool> strict_ranges{*this, "strict-ranges",
                             llvm::cl::desc("a range from random inputs is an error"),
                             llvm::cl::init(false)};

  PipelineOptions Parse() const {
    return {{policy.begin(), policy.end()}, {allow_leak.begin(), allow_leak.end()}, strict_ranges};
  }
};

template <typename Build>
void RegisterStage(llvm::StringRef name, llvm::StringRef description, Build build) {
  mlir::PassPipelineRegistration<CommandLineOptions>(
      name, description, [build](OpPassManager& pm, const CommandLineOptions& options) {
        build(pm, options.Parse());
      });
}

}  // namespace

bool PipelineOptions::Allows(const std::string& kind) const {
  return llvm::is_contained(allow_leak, kind);
}

void BuildCanonicalNnPipeline(OpPassManager& pm, const PipelineOptions& options) {
  AddSetPolicy(pm, options);
  // ---- One form for every exporter's way to write an encoder ----
  OpPassManager& function_passes = pm.nest<FuncOp>();
  AddCanonicalNnPasses(function_passes);
  function_passes.addPass(createVerifyCanonicalNn());
}

void BuildChoicePipeline(OpPassManager& pm, const PipelineOptions& options) {
  // ---- How wide: ranges steer private multipliers, shapes alone choose rings ----
  AddSetPolicy(pm, options);
  pm.addPass(CreateCalibrateRanges(options.progress));
  OpPassManager& function_passes = pm.nest<FuncOp>();
  function_passes.addPass(createChooseRings());

  // ---- Which constructions ----
  function_passes.addPass(createChooseLowerings());
}

namespace {

// What the parties compute, in whichever sharing.
void AddLowering(OpPassManager& pm, const PipelineOptions& options) {
  LowerNnToMpcOptions lower;
  lower.strictRanges = options.strict_ranges;
  pm.nest<FuncOp>().addPass(createLowerNnToMpc(lower));
}

}  // namespace

void BuildEmissionPipeline(OpPassManager& pm, const PipelineOptions& options) {
  BuildChoicePipeline(pm, options);
  AddLowering(pm, options);
}

void BuildLoweringPipeline(OpPassManager& pm, const PipelineOptions& options) {
  BuildChoicePipeline(pm, options);
  BuildChosenPipeline(pm, options);
}

void BuildChosenPipeline(OpPassManager& pm, const PipelineOptions& options) {
  AddLowering(pm, options);
  OpPassManager& function_passes = pm.nest<FuncOp>();
  ElideSoftmaxMaxOptions elide;
  elide.allowLeak = options.Allows(kSoftmaxMaxLeak.str());
  function_passes.addPass(createElideSoftmaxMax(elide));
  AddCleanup(function_passes);
}

void BuildSharingPipeline(OpPassManager& pm, const PipelineOptions& options) {
  OpPassManager& function_passes = pm.nest<FuncOp>();

  // ---- One table per opening, and only tables that the protocol has ----
  function_passes.addPass(createFuseExtractLut());
  function_passes.addPass(createExpandRowMax());
  function_passes.addPass(createExpandExactReads());
  AddCleanup(function_passes);

  // ---- Who holds what: every opening explicit, then as few rounds as the data allow ----
  function_passes.addPass(createInsertShareConversions());
  AddCleanup(function_passes);
  function_passes.addPass(createMergeOpenings());

  // ---- Less memory; what follows numbers streams and lays material out in this order ----
  function_passes.addPass(createShortenLives());

  // ---- The argument that this is safe ----
  AddVerifyNoLeak(pm, options);
}

void BuildProgramPipeline(OpPassManager& pm, const PipelineOptions& options) {
  // ---- P0's work before the inference, P1's and P2's during it ----
  BuildOfflinePipeline(pm);
  // ---- The same argument, now that masks have streams ----
  AddVerifyNoLeak(pm, options);
}

void BuildLeakCheckPipeline(OpPassManager& pm, const PipelineOptions& options) {
  AddVerifyNoLeak(pm, options);
}

void buildMpccPipeline(OpPassManager& pm, const PipelineOptions& options) {
  BuildCanonicalNnPipeline(pm, options);
  BuildLoweringPipeline(pm, options);
  BuildSharingPipeline(pm, options);
  BuildProgramPipeline(pm, options);
}

void registerMpccPasses() {
  registerNnPasses();
  registerSetPolicy();
  registerCalibrateRanges();
  registerChooseRings();
  registerChooseLowerings();
  registerLowerNnToMpc();
  registerMpcPasses();
  registerOfflinePasses();
  registerLeakPasses();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::PassPipelineRegistration<>(
      "canonical-nn", "imported nn to canonical nn, without the verdict on what is left",
      [](OpPassManager& pm) { AddCanonicalNnPasses(pm.nest<FuncOp>()); });
  RegisterStage("nn-to-mpc", "canonical nn to mpc in any sharing", BuildLoweringPipeline);
  RegisterStage("mpc-to-rounds", "mpc in any sharing to rounds of openings", BuildSharingPipeline);
  RegisterStage("rounds-to-programs", "rounds to online and offline programs",
                BuildProgramPipeline);
  RegisterStage("mpcc-pipeline", "imported nn to online and offline programs", buildMpccPipeline);
}

}  // namespace mpcc
