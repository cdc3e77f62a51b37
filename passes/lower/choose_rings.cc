// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/types.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/passes.h"
#include "passes/lower/sites.h"
#include "passes/policy/policy_attribute.h"
#include "passes/policy/widths.h"

namespace mpcc {

#define GEN_PASS_DEF_CHOOSERINGS
#include "passes/lower/passes.h.inc"

namespace {

// Results are revealed from the full ring of their accumulator.
bool IsOutput(mlir::Value value) {
  return llvm::any_of(value.getUsers(), [](mlir::Operation* user) {
    return llvm::isa<mlir::func::ReturnOp>(user) ||
           (IsStructural(user) && IsOutput(user->getResult(0)));
  });
}

struct ChooseRings : impl::ChooseRingsBase<ChooseRings> {
  using ChooseRingsBase::ChooseRingsBase;

  void runOnOperation() override {
    const auto found = PolicyOf(getOperation());
    if (mlir::failed(found)) return signalPassFailure();
    const LoweringPolicy& policy = *found;
    getOperation().walk([&](nn::LinearOp op) {
      const OperandBits x = BitsOf(policy, op.getInput());
      // Weights are symmetric, or shifted by less than their own size.
      const OperandBits w = BitsOf(policy, op.getWeight());
      const int64_t terms =
          llvm::cast<mlir::RankedTensorType>(op.getWeight().getType()).getDimSize(0);
      const bool real = !nn::IsQuantized(op.getInput().getType()) || IsOutput(op.getResult());
      Set(op, real ? static_cast<unsigned>(policy.real_ring)
                   : AccumulatorRing(WidthsForActivation(policy, x.bits, x.magnitude).magnitude,
                                     w.magnitude, terms));
    });
    getOperation().walk([&](nn::MatMulOp op) {
      const int bits = std::max(BitsOf(policy, op.getLhs()).bits, BitsOf(policy, op.getRhs()).bits);
      Set(op, ComputedProductRing(policy, bits));
    });
  }

  void Set(mlir::Operation* op, unsigned ring) {
    if (ring == 0) {
      Refuse(op->getLoc(), "products whose sum takes more than 64 bits",
             "accumulators of up to 64 bits", "quantize to fewer bits");
      return signalPassFailure();
    }
    op->setAttr(nn::kRingAttr, mlir::Builder(op->getContext()).getI64IntegerAttr(ring));
  }
};

}  // namespace
}  // namespace mpcc
