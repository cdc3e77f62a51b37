// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/lowering.h"
#include "passes/lower/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_LOWERNNTOMPC
#include "passes/lower/passes.h.inc"

namespace {

struct LowerNnToMpc : impl::LowerNnToMpcBase<LowerNnToMpc> {
  using LowerNnToMpcBase::LowerNnToMpcBase;

  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const LoweringPolicy policy = PolicyFromOptions(paper, tableBits, extraIndexBits);
    if (mlir::failed(Lowering(getOperation(), policy, strictRanges).Run())) signalPassFailure();
  }
};

}  // namespace
}  // namespace mpcc
