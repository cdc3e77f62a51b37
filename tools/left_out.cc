// SPDX-License-Identifier: Apache-2.0
#include "tools/left_out.h"

#include <fmt/format.h>

#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "llvm/ADT/MapVector.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "passes/analysis/refusal.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/sites.h"
#include "tools/answers.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

constexpr double kTold = 0.99;       // of the cosine: below is told
constexpr size_t kMostSamples = 16;  // of each length
constexpr unsigned kRandomSamples = 4;
constexpr double kToldOfRandom = 0.95;  // which reach further than texts

// Node names of quantizers of secret values, with their places, in order.
using Quantizers = llvm::MapVector<mlir::StringAttr, mlir::Location>;

Quantizers SecretQuantizers(FuncOp function, llvm::function_ref<bool(nn::QuantizeOp)> counts) {
  const nn::VisibilityAnalysis visibility(function);
  Quantizers found;
  function.walk([&](nn::QuantizeOp op) {
    if (!visibility.IsVisible(op.getResult()) && counts(op))
      found.insert(
          {mlir::StringAttr::get(op.getContext(), nn::NodeName(op.getLoc())), op.getLoc()});
  });
  return found;
}

// A quantizer that rounds reals too, or whose integers are read, by themselves or moved, or one
// inside a function.
bool Rounds(nn::QuantizeOp op, const LoweringPolicy& policy) {
  if (RoundsReals(policy, op) || op->getParentOfType<nn::MapOp>()) return true;
  llvm::SmallVector<mlir::Operation*> readers(op->user_begin(), op->user_end());
  while (!readers.empty()) {
    mlir::Operation* reader = readers.pop_back_val();
    if (IsStructural(reader))
      readers.append(reader->user_begin(), reader->user_end());
    else if (!llvm::isa<nn::DequantizeOp>(reader))
      return true;
  }
  return false;
}

Quantizers LeftOut(FuncOp imported, FuncOp canonical, const LoweringPolicy& policy) {
  Quantizers left_out = SecretQuantizers(imported, [](nn::QuantizeOp) { return true; });
  for (const auto& [name, loc] :
       SecretQuantizers(canonical, [&](nn::QuantizeOp op) { return Rounds(op, policy); }))
    left_out.erase(name);
  return left_out;
}

// Takes roundings out of a canonical function: a dequantized value is the real before its
// quantizer, moved in the same way. One whose step is too coarse for its values stays, as in the
// lowering.
void TakeOut(FuncOp function, const LoweringPolicy& policy) {
  const nn::VisibilityAnalysis visibility(function);
  function.walk([&](nn::DequantizeOp op) {
    const Chain chain = StructuralChain(op.getInput());
    auto quantize = chain.base.getDefiningOp<nn::QuantizeOp>();
    if (!quantize || RoundsReals(policy, quantize) || visibility.IsVisible(op.getResult()) ||
        op->getParentOfType<nn::MapOp>())
      return;
    mlir::Operation* source = quantize.getInput().getDefiningOp();
    auto range = source ? source->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr) : nullptr;
    auto type = nn::QuantizedElement(quantize.getType());
    if (range && !nn::QuantizedAxis(type) && range.getValueAsDouble() <= nn::ScaleOf(type) / 2)
      return;
    mlir::OpBuilder builder(op);
    mlir::Value real = quantize.getInput();
    for (mlir::Operation* move : chain.ops) {
      mlir::IRMapping mapping;
      mapping.map(move->getOperand(0), real);
      real = builder.clone(*move, mapping)->getResult(0);
      auto shaped = llvm::cast<mlir::RankedTensorType>(move->getResult(0).getType());
      real.setType(shaped.clone(builder.getF32Type()));
    }
    op.replaceAllUsesWith(real);
  });
}

}  // namespace

std::set<std::string> NamesOfLeftOut(llvm::ArrayRef<FuncOp> imported,
                                     llvm::ArrayRef<FuncOp> canonical,
                                     const LoweringPolicy& policy) {
  std::set<std::string> names;
  for (size_t f = 0; f < imported.size(); ++f)
    for (const auto& [name, loc] : LeftOut(imported[f], canonical[f], policy))
      names.insert(name.str());
  return names;
}

void WarnOfLeftOut(llvm::ArrayRef<FuncOp> imported, llvm::ArrayRef<FuncOp> canonical,
                   const std::vector<FittedSamples>& samples, const LoweringPolicy& policy) {
  double least = 1;
  Quantizers left_out;
  for (size_t f = 0; f < imported.size(); ++f) {
    Quantizers own = LeftOut(imported[f], canonical[f], policy);
    if (own.empty()) continue;
    FuncOp function = canonical[f];
    mlir::OwningOpRef<FuncOp> without = function.clone();
    TakeOut(*without, policy);
    const FittedSamples& own_samples =
        samples.empty() ? RandomSamples(imported[f], kRandomSamples) : samples[f];
    least = std::min(least, LeastCosine(imported[f], *without, own_samples, kMostSamples));
    for (const auto& [name, loc] : own) left_out.insert({name, loc});
  }
  if (least >= (samples.empty() ? kToldOfRandom : kTold)) return;
  const auto& [first, place] = left_out.front();
  mlir::InFlightDiagnostic warning =
      mlir::emitWarning(imported.front()->getLoc()) << Refusal(
          fmt::format("{} quantizer{} between reals, the first one {}, which the file rounds with: "
                      "without them its answers on {} inputs go as far as cosine {:.2f}",
                      left_out.size(), left_out.size() == 1 ? "" : "s", first.str(),
                      samples.empty() ? "random" : "these", least),
          "quantizers in front of products or between reals, of at most 'rounded-bits' bits, and "
          "inside a layer normalization in pieces those of its variance, between quantizers of the "
          "row and of the quotient, and before scale and shift: a private run leaves the rounding "
          "of others out",
          "compare answers with the float model, which they may be nearer to, or quantize only "
          "MatMul and Gemm (op_types_to_quantize)");
  for (const auto& [name, loc] : left_out) warning.attachNote(loc) << "left out";
}

}  // namespace mpcc
