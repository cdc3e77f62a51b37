// SPDX-License-Identifier: Apache-2.0
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_RAISECOMPOSITES
#include "passes/nn/passes.h.inc"

namespace {

struct RaiseCompositesPass : impl::RaiseCompositesBase<RaiseCompositesPass> {
  void runOnOperation() override {
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    mlir::RewritePatternSet patterns(&getContext());
    AddActivationPatterns(patterns);
    AddAttentionPatterns(patterns);
    nn::VisibilityAnalysis visibility(getOperation());
    AddLayerNormPatterns(patterns, visibility, policy->paper() ? 0 : policy->rounded_bits);
    AddMaskPatterns(patterns, visibility);
    AddPoolingPatterns(patterns, visibility);
    mlir::GreedyRewriteConfig config;
    config.listener = &visibility;
    if (mlir::failed(
            mlir::applyPatternsAndFoldGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

}  // namespace

void AddCanonicalNnPasses(mlir::OpPassManager& passes) {
  passes.addPass(mlir::createCSEPass());
  passes.addPass(createCanonicalizeQuantization());
  passes.addPass(createRaiseComposites());
  passes.addPass(createRaiseSaturation());
  passes.addPass(createRaiseFunctions());
  passes.addPass(createCanonicalizeQuantization());
  passes.addPass(mlir::createCSEPass());
}

}  // namespace mpcc
