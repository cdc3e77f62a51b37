// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "passes/nn/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_ANNOTATEVISIBILITY
#include "passes/nn/passes.h.inc"

namespace {

struct AnnotateVisibilityPass : impl::AnnotateVisibilityBase<AnnotateVisibilityPass> {
  using AnnotateVisibilityBase::AnnotateVisibilityBase;

  void runOnOperation() override {
    const nn::VisibilityAnalysis visibility(
        getOperation(), undecided ? nn::Unmarked::kUndecided : nn::Unmarked::kPrivate);
    mlir::Builder builder(&getContext());
    getOperation().walk([&](mlir::Operation* op) {
      if (op->getNumResults() != 1) return;
      const llvm::StringRef name = nn::NameOf(visibility.Of(op->getResult(0)));
      op->setAttr(nn::kVisibilityAttr, builder.getStringAttr(name));
    });
  }
};

}  // namespace
}  // namespace mpcc
