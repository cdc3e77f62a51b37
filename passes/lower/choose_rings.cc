// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/passes.h"
#include "passes/lower/sites.h"
#include "passes/policy/policy_attribute.h"
#include "passes/policy/softmax_widths.h"
#include "passes/policy/widths.h"

namespace mpcc {

#define GEN_PASS_DEF_CHOOSERINGS
#include "passes/lower/passes.h.inc"

namespace {

// The widest reading of a real value, and the most bits below that one of them asks for
// (SumOfProducts).
struct Read {
  int width = 0;
  int fold = 0;
};

// Follows readings from the readers to what is read, as demands do (demands.h).
class Readings {
 public:
  explicit Readings(const LoweringPolicy& policy) : policy_(policy), interpolations_(policy) {}

  Read Of(mlir::Value value) const { return reads_.lookup(value); }

  // What an operation reads of its operands, all readers of its results being known.
  void Add(mlir::Operation* op) {
    llvm::TypeSwitch<mlir::Operation*>(op)
        .Case([&](mlir::func::ReturnOp o) {
          for (mlir::Value value : o.getOperands())
            if (!nn::IsQuantized(value.getType())) Note(value, {policy_.real_ring});
        })
        .Case<nn::LinearOp, nn::MatMulOp>([&](mlir::Operation* o) {
          for (mlir::Value operand : o->getOperands()) Operand(operand);
        })
        .Case([&](nn::QuantizeOp o) {
          Operand(o.getResult());
          if (!RoundsReals(policy_, o)) Pass(o);
        })
        .Case<nn::LayerNormOp, nn::L2NormalizeOp>(
            [&](mlir::Operation* o) { Note(o->getOperand(0), {policy_.row_width}); })
        .Case([&](nn::StandardizeOp o) {
          if (Of(o.getResult()).width > 0) Note(o.getFactor(), {policy_.real_ring});
        })
        .Case([&](nn::MeanPoolOp o) {
          const bool wide = Of(o.getResult()).width > policy_.row_width;
          Note(o.getInput(), {wide ? policy_.exact_pool_width : policy_.row_width});
        })
        .Case<nn::UnaryOp, nn::MapOp>([&](mlir::Operation* o) {
          if (Of(o->getResult(0)).width > 0)
            Note(o->getOperand(0), {policy_.real_bits - 1, policy_.fold_bits});
        })
        .Case<nn::BinaryOp, nn::ConcatOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp,
              nn::DequantizeOp>([&](mlir::Operation* o) { Pass(o); });
  }

 private:
  void Note(mlir::Value value, Read read) {
    Read& known = reads_[value];
    known = {std::max(known.width, read.width), std::max(known.fold, read.fold)};
  }

  void Pass(mlir::Operation* op) {
    const Read read = Of(op->getResult(0));
    if (read.width == 0) return;
    for (mlir::Value operand : op->getOperands()) Note(operand, read);
  }

  // An operand of a product: by an index of its own, that of the function before it, or that of a
  // softmax.
  void Operand(mlir::Value operand) {
    const Source source = SourceOf(operand);
    if (source.quantized != operand && StructuralChain(operand).base != source.quantized) return;
    const int bits = BitsOf(policy_, source.quantized).bits;
    if (auto softmax = source.real.getDefiningOp<nn::SoftmaxOp>()) {
      const int64_t row = ExtentsOf(softmax.getResult()).back();
      const int index = policy_.paper() ? 4 : WidthsForSoftmax(policy_, bits, row).index;
      return Note(softmax.getScores(), {index});
    }
    if (source.below == source.real && IsFunction(source.inner.getDefiningOp()))
      return Function(source);
    const int index = ValueIndexBits(policy_, bits);
    Note(source.below, {index, FoldBits(policy_, index)});
  }

  void Function(const Source& source) {
    const SiteFacts facts = FunctionFacts(policy_, source, interpolations_);
    const Construction& chosen = ChooseConstruction(facts, policy_);
    const bool lines = &chosen == &kFunctionLines;
    const int index = IndexOf(chosen.widths(facts, policy_));
    Note(source.inner.getDefiningOp()->getOperand(0),
         {index, lines ? kLinesFold : FoldBits(policy_, index)});
  }

  const LoweringPolicy& policy_;
  Interpolations interpolations_;
  llvm::DenseMap<mlir::Value, Read> reads_;
};

struct ChooseRings : impl::ChooseRingsBase<ChooseRings> {
  using ChooseRingsBase::ChooseRingsBase;

  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto found = PolicyOf(getOperation());
    if (mlir::failed(found)) return signalPassFailure();
    const LoweringPolicy& policy = *found;
    Readings readings(policy);
    for (mlir::Operation& op : llvm::reverse(getOperation().getBody().front())) {
      if (auto linear = llvm::dyn_cast<nn::LinearOp>(op))
        Set(linear, RingOf(policy, linear, readings.Of(linear.getResult())));
      if (auto matmul = llvm::dyn_cast<nn::MatMulOp>(op))
        Set(matmul, RingOf(policy, matmul, readings.Of(matmul.getResult())));
      readings.Add(&op);
    }
  }

  static int RingOf(const LoweringPolicy& policy, nn::LinearOp op, Read read) {
    // Results are revealed from the full ring of their accumulator, in which real operands are too.
    if (read.width == policy.real_ring ||
        (policy.paper() && !nn::IsQuantized(op.getInput().getType())))
      return policy.real_ring;
    // Weights are symmetric, or shifted by less than their own size.
    const OperandBits x = BitsOf(policy, op.getInput()), w = BitsOf(policy, op.getWeight());
    const int64_t terms = ExtentsOf(op.getWeight())[0];
    return LinearRing(policy, {x.magnitude, w.magnitude, terms, read.width, read.fold});
  }

  static int RingOf(const LoweringPolicy& policy, nn::MatMulOp op, Read read) {
    const int bits = std::max(BitsOf(policy, op.getLhs()).bits, BitsOf(policy, op.getRhs()).bits);
    return ComputedProductRing(policy, bits, {.width = read.width, .fold = read.fold});
  }

  void Set(mlir::Operation* op, int ring) {
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
