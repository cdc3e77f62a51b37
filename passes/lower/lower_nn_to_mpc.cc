// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/lowering.h"
#include "passes/lower/passes.h"
#include "passes/lower/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_LOWERNNTOMPC
#include "passes/lower/passes.h.inc"

namespace {

struct LowerNnToMpc : impl::LowerNnToMpcBase<LowerNnToMpc> {
  using LowerNnToMpcBase::LowerNnToMpcBase;

  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy) || mlir::failed(Lowering(getOperation(), *policy, strictRanges).Run()))
      signalPassFailure();
  }
};

}  // namespace
}  // namespace mpcc
