// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "ir/nn/pools.h"
#include "ir/nn/rows.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "llvm/ADT/TypeSwitch.h"
#include "passes/lower/choices.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/passes.h"
#include "passes/lower/results.h"
#include "passes/lower/sites.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_CHOOSELOWERINGS
#include "passes/lower/passes.h.inc"

namespace {

// How a real value is read: in so many bits, and whether in one unit.
struct Wanted {
  int width = 0;
  bool exact = false;
};

int64_t ElementsOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getNumElements();
}

int64_t RowOf(mlir::Value value) {
  auto shape = llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
  return shape.empty() ? 1 : shape.back();
}

int RingOf(mlir::Operation* op) {
  auto ring = op->getAttrOfType<mlir::IntegerAttr>(nn::kRingAttr);
  return ring ? static_cast<int>(ring.getInt()) : 0;
}

// Bits of the widest quantizer that reads a value; those of a real value where another reads it.
int ReaderBits(mlir::Value value, const LoweringPolicy& policy) {
  int bits = 0;
  for (mlir::Operation* user : value.getUsers()) {
    if (auto quantize = llvm::dyn_cast<nn::QuantizeOp>(user))
      bits = std::max(bits, BitsOf(policy, quantize.getResult()).bits);
    else if (IsStructural(user))
      bits = std::max(bits, ReaderBits(user->getResult(0), policy));
  }
  return bits == 0 ? policy.real_bits : bits;
}

// Follows demands from the results backwards, as the lowering does, and chooses at each place. What
// it reads of a value is its type, and of a choice its widths.
class Chooser {
 public:
  Chooser(mlir::func::FuncOp function, const LoweringPolicy& policy)
      : function_(function), policy_(policy), interpolations_(policy), visibility_(function) {}

  void Result(unsigned index, mlir::Value value) {
    if (visibility_.IsVisible(value)) return;
    if (auto op = value.getDefiningOp<nn::L2NormalizeOp>())
      return Row(op, SiteKind::kVector, op.getInput());
    Read(value, {ReadingOf(policy_, function_, index).read_width, true});
  }

 private:
  void Read(mlir::Value value, Wanted demand) {
    if (visibility_.IsVisible(value) || !value.getDefiningOp()) return;
    if (!seen_.insert({value.getAsOpaquePointer(), demand.width, demand.exact}).second) return;
    llvm::TypeSwitch<mlir::Operation*>(value.getDefiningOp())
        .Case([&](nn::LinearOp op) { Linear(op, demand); })
        .Case([&](nn::MatMulOp op) { MatMul(op); })
        .Case([&](nn::BinaryOp op) { Binary(op, demand); })
        .Case([&](nn::LayerNormOp op) { Row(op, SiteKind::kRow, op.getInput()); })
        .Case([&](nn::VarianceOp op) { StepRow(op.getInput()); })
        .Case([&](nn::StandardizeOp op) {
          StepRow(op.getInput());
          Read(op.getFactor(), {});
        })
        .Case([&](nn::MeanPoolOp op) { Mean(op, demand); })
        .Case<nn::UnaryOp, nn::MapOp>([&](auto op) {
          Read(op->getOperand(0), {IndexBitsOf(policy_, op, policy_.real_bits - 1)});
        })
        .Case([&](nn::ConcatOp op) {
          for (mlir::Value input : op.getInputs()) Read(input, {demand.width, true});
        })
        .Case([&](nn::QuantizeOp op) { Rounded(op, demand); })
        .Case<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp, nn::DequantizeOp>(
            [&](auto op) { Read(op->getOperand(0), demand); });
  }

  void Linear(nn::LinearOp op, Wanted demand) {
    Operand(op, {0, std::max(RingOf(op), demand.width), false});
  }

  void MatMul(nn::MatMulOp op) {
    Operand(op, {0, RingOf(op), false});
    Operand(op, {1, RingOf(op), true});
  }

  void Binary(nn::BinaryOp op, Wanted demand) {
    if (const auto pool = nn::PoolOf(op.getResult())) return Mean(pool->mean, demand);
    mlir::Value first = op.getLhs(), second = op.getRhs();
    auto is_constant = [](mlir::Value v) { return v.getDefiningOp<nn::ConstantOp>() != nullptr; };
    const bool sum = op.getKind() == nn::BinaryKind::add || op.getKind() == nn::BinaryKind::sub;
    if (!sum) {
      for (mlir::Value operand : {first, second})
        if (!is_constant(operand)) Factor(operand, demand);
      return;
    }
    if (is_constant(first) || is_constant(second)) {
      for (mlir::Value operand : {first, second})
        if (!is_constant(operand))
          Read(operand, {RingOfTerms(policy_, operand, operand, demand.width), demand.exact});
      return;
    }
    if (StructuralChain(second).base.getDefiningOp<nn::LinearOp>()) std::swap(first, second);
    const int ring = RingOfTerms(policy_, first, second, demand.width);
    Read(first, {ring, demand.exact});
    Read(second, {ring, true});
  }

  // One positive number goes into the unit, others into factors of columns, which need a unit that
  // is asked for. Which it is, is private.
  void Factor(mlir::Value operand, Wanted demand) {
    Read(operand, {demand.width, true});
    Read(operand, demand);
  }

  void Row(mlir::Operation* op, SiteKind kind, mlir::Value row) {
    SiteFacts facts;
    facts.kind = kind;
    facts.elements = ElementsOf(row);
    facts.row = RowOf(row);
    facts.bits = ReaderBits(op->getResult(0), policy_);
    Read(row, Choose(op, {}, facts));
  }

  void StepRow(mlir::Value row) { Read(row, {StepRowOf(policy_, row).width}); }

  void Mean(nn::MeanPoolOp op, Wanted demand) {
    SiteFacts facts;
    facts.kind = SiteKind::kMean;
    facts.elements = ElementsOf(op.getInput());
    Read(op.getInput(), Choose(op, {0, demand.width, demand.exact}, facts));
  }

  // A quantizer whose result is read as a real.
  void Rounded(nn::QuantizeOp op, Wanted demand) {
    if (!RoundsReals(policy_, op)) return Read(op.getInput(), demand);
    const int ring = RingOfSteps(policy_, op, demand.width, demand.exact);
    Steps(op, {0, ring, true}, SourceOf(op.getResult()));
  }

  void Operand(mlir::Operation* op, const Reading& reading) {
    Steps(op, reading, SourceOf(op->getOperand(reading.operand)));
  }

  // What an operation reads in steps of a quantizer.
  void Steps(mlir::Operation* op, const Reading& reading, const Source& source) {
    const SiteFacts facts = FactsOf(source);
    const bool value = facts.kind == SiteKind::kValue;
    mlir::Operation* inner = source.inner.getDefiningOp();
    Read(value ? source.below : inner->getOperand(0), Choose(op, reading, facts));
  }

  SiteFacts FactsOf(const Source& source) {
    const SiteKind kind = KindOf(source);
    if (kind == SiteKind::kFunction) return FunctionFacts(policy_, source, interpolations_);
    const OperandBits bits = BitsOf(policy_, source.quantized);
    SiteFacts facts{kind,
                    bits.bits,
                    bits.magnitude,
                    bits.is_unsigned,
                    ElementsOf(source.real),
                    RowOf(source.real)};
    facts.index = RowIndexBits(policy_, source);
    return facts;
  }

  // The demand on what the place reads.
  Wanted Choose(mlir::Operation* op, const Reading& reading, SiteFacts facts) {
    facts.ring = reading.ring;
    facts.unit_asked = reading.unit_asked;
    const Construction& construction = ChooseConstruction(facts, policy_);
    const ChosenWidths widths = construction.widths(facts, policy_);
    AddChoice(op, reading, construction, widths);
    return {IndexOf(widths), construction.exact};
  }

  SiteKind KindOf(const Source& source) const {
    if (source.real.getDefiningOp<nn::SoftmaxOp>()) return SiteKind::kProbabilities;
    const bool function = source.below == source.real && IsFunction(source.inner.getDefiningOp());
    return function && !visibility_.IsVisible(source.inner) ? SiteKind::kFunction
                                                            : SiteKind::kValue;
  }

  mlir::func::FuncOp function_;
  const LoweringPolicy& policy_;
  Interpolations interpolations_;
  nn::VisibilityAnalysis visibility_;
  std::set<std::tuple<void*, int, bool>> seen_;
};

// Algorithm:
// 1. Demands go from the results to the operands: in how many bits each value is read.
// 2. Where the protocol has several constructions, the fastest is written on the reader, and what
//    it reads is demanded in turn.
struct ChooseLowerings : impl::ChooseLoweringsBase<ChooseLowerings> {
  void runOnOperation() override {
    if (getOperation().isExternal()) return;
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    getOperation().walk([](mlir::Operation* op) { op->removeAttr(kChoicesAttr); });
    Chooser chooser(getOperation(), *policy);
    auto* terminator = getOperation().getBody().front().getTerminator();
    for (auto [index, result] : llvm::enumerate(terminator->getOperands()))
      chooser.Result(static_cast<unsigned>(index), result);
  }
};

}  // namespace
}  // namespace mpcc
