// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/rewrite.h"

#include "llvm/ADT/TypeSwitch.h"
#include "passes/lower/marks.h"
#include "passes/lower/nn_values.h"

namespace mpcc {

mlir::Value Rewriter::Top(mlir::Value x, int width) const {
  const int below = static_cast<int>(Emitter::TypeOf(x).getWidth()) - width;
  if (policy.paper() || below == 0) return emit.Extract(x, width);
  return emit.Truncate(emit.AddPublic(x, int64_t{1} << (below - 1)), width);
}

mlir::Value Rewriter::Offset(mlir::Value x, const Demand& demand) const {
  if (!demand.offset) return x;
  return emit.Add(x, emit.SharePrivate(InUnits({*demand.offset}, demand.unit), {1},
                                       Emitter::TypeOf(x).getWidth()));
}

namespace {

// P1 shares its plaintext in fixed point once; private scales are applied to the shares.
Values RewriteShared(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  return {emit.Input(emit.Encode(demand.value, demand.width, demand.ring))};
}

Values RewriteScaled(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  mlir::Value scaled = emit.Product(
      {rewriter.In(demand)}, emit.PrivateRow(InUnits(demand.columns, demand.unit), demand.ring));
  return {rewriter.Top(rewriter.Offset(scaled, demand), demand.width)};
}

Values RewriteMoved(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  mlir::Value share = rewriter.In(demand);
  auto shape = ExtentsOf(demand.value);
  return {llvm::TypeSwitch<mlir::Operation*, mlir::Value>(demand.value.getDefiningOp())
              .Case([&](nn::ReshapeOp) { return emit.Reshape(share, shape); })
              .Case([&](nn::TransposeOp t) { return emit.Transpose(share, t.getPerm()); })
              .Case([&](nn::SliceOp s) { return emit.Slice(share, s.getOffsets(), shape); })};
}

Values RewriteConcatenated(const Demand& demand, Rewriter& rewriter) {
  llvm::SmallVector<mlir::Value> parts;
  for (size_t i = 0; i < demand.operands.size(); ++i) parts.push_back(rewriter.In(demand, i));
  return {rewriter.emit.Concat(parts, demand.value.getDefiningOp<nn::ConcatOp>().getAxis())};
}

Values RewriteResult(const Demand& demand, Rewriter& rewriter) {
  Emitter& emit = rewriter.emit;
  mlir::Value x = rewriter.In(demand);
  // Never at random: P1 would know the coins.
  if (const int below = static_cast<int>(Emitter::TypeOf(x).getWidth()) - demand.ring; below > 0)
    x = emit.Truncate(emit.AddPublic(x, int64_t{1} << (below - 1)), demand.ring);
  return {emit.Reveal(x, demand.width)};
}

// In the order of the enum.
constexpr struct {
  Form form;
  Values (*rewrite)(const Demand& demand, Rewriter& rewriter);
} kRewrites[] = {
    {Form::kShared, RewriteShared},
    {Form::kScaled, RewriteScaled},
    {Form::kMoved, RewriteMoved},
    {Form::kConcatenated, RewriteConcatenated},
    {Form::kLinear, RewriteLinear},
    {Form::kMatMul, RewriteMatMul},
    {Form::kMasked, RewriteMasked},
    {Form::kPlusConstant, RewritePlusConstant},
    {Form::kSum, RewriteSum},
    {Form::kNormalized, RewriteNormalized},
    {Form::kLayerNorm, RewriteLayerNorm},
    {Form::kStepRow, RewriteStepRow},
    {Form::kVariance, RewriteVariance},
    {Form::kStandardize, RewriteStandardize},
    {Form::kMean, RewriteMean},
    {Form::kFunction, RewriteFunction},
    {Form::kRequantized, RewriteRequantized},
    {Form::kTabulated, RewriteTabulated},
    {Form::kLines, RewriteLines},
    {Form::kSaturated, RewriteSaturated},
    {Form::kSoftmax, RewriteSoftmax},
    {Form::kSoftmaxByPaper, RewriteSoftmaxByPaper},
    {Form::kUnitVector, RewriteUnitVector},
    {Form::kResult, RewriteResult},
};
static_assert(
    [] {
      for (size_t i = 0; i < std::size(kRewrites); ++i)
        if (kRewrites[i].form != static_cast<Form>(i)) return false;
      return std::size(kRewrites) == static_cast<size_t>(Form::kResult) + 1;
    }(),
    "a form has no row in kRewrites, or another one's");

// Notes on the operation that makes a demand what it computes.
void SetMark(mlir::OpBuilder& builder, const Demands::Mark& mark, mlir::Operation* op) {
  if (!op) return;
  llvm::SmallVector<mlir::Attribute> marks;
  if (auto known = op->getAttrOfType<mlir::ArrayAttr>(kMarksAttr)) llvm::append_range(marks, known);
  auto number = [&](double v) { return builder.getF64FloatAttr(v); };
  marks.push_back(builder.getDictionaryAttr({
      builder.getNamedAttr("value", mark.value),
      builder.getNamedAttr("place", builder.getStringAttr(mark.place)),
      builder.getNamedAttr("unit", number(mark.given.unit)),
      builder.getNamedAttr("holds", number(mark.holds)),
      builder.getNamedAttr("step", number(mark.step)),
      builder.getNamedAttr("offset", number(mark.offset)),
  }));
  op->setAttr(kMarksAttr, builder.getArrayAttr(marks));
}

}  // namespace

void Rewrite(const Demands& demands, const LoweringPolicy& policy, mlir::func::FuncOp function) {
  mlir::Operation* terminator = function.getBody().front().getTerminator();
  mlir::OpBuilder builder(terminator);
  Emitter emit(builder);
  Rewriter rewriter{.policy = policy, .emit = emit};
  for (const Demand& demand : demands.all()) {
    emit.SetLocation(demand.loc);
    rewriter.made[&demand] = kRewrites[static_cast<size_t>(demand.form)].rewrite(demand, rewriter);
  }
  for (const Demands::Mark& mark : demands.marks())
    SetMark(builder, mark, rewriter.made.at(mark.given.demand).front().getDefiningOp());
  for (mlir::OpOperand& result : terminator->getOpOperands())
    if (const Demand* demand = demands.Result(result.getOperandNumber()))
      result.set(rewriter.made.at(demand).front());
}

}  // namespace mpcc
