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
    // 1. Widths first: products absorb a dequantize together with its type.
    // 2. Products, biases and float constants.
    for (auto add_patterns : {AddWidthPatterns, AddProductPatterns}) {
      mlir::RewritePatternSet patterns(&getContext());
      add_patterns(patterns);
      if (mlir::failed(mlir::applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
        return signalPassFailure();
    }
  }
};

}  // namespace
}  // namespace mpcc
