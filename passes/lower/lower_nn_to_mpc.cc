// SPDX-License-Identifier: Apache-2.0
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/lower/passes.h"
#include "passes/lower/public_quantizers.h"
#include "passes/lower/rewrite.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_LOWERNNTOMPC
#include "passes/lower/passes.h.inc"

namespace {

// Algorithm:
// 1. Demands are decided for every value, and what does not fit is refused.
// 2. Each becomes the operations that its form takes.
struct LowerNnToMpc : impl::LowerNnToMpcBase<LowerNnToMpc> {
  using LowerNnToMpcBase::LowerNnToMpcBase;

  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    Demands demands(getOperation(), *policy, strictRanges);
    if (mlir::failed(demands.Run())) return signalPassFailure();
    Rewrite(demands, *policy, getOperation());
    // What computed the secret values in nn has no users left.
    mlir::Block& body = getOperation().getBody().front();
    for (mlir::Operation& op : llvm::make_early_inc_range(llvm::reverse(body)))
      if (mlir::isOpTriviallyDead(&op)) op.erase();
    OpenPublicQuantizers(getOperation());
  }
};

}  // namespace
}  // namespace mpcc
