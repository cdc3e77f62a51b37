// SPDX-License-Identifier: Apache-2.0
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"

namespace mpcc {

#define GEN_PASS_DEF_CANONICALIZEQUANTIZATION
#include "passes/nn/passes.h.inc"

namespace {

struct CanonicalizeQuantizationPass
    : impl::CanonicalizeQuantizationBase<CanonicalizeQuantizationPass> {
  void runOnOperation() override {
    mlir::RewritePatternSet patterns(&getContext());
    AddWeightPatterns(patterns);
    AddProductPatterns(patterns);
    if (mlir::failed(mlir::applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

}  // namespace
}  // namespace mpcc
