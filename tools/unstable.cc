// SPDX-License-Identifier: Apache-2.0
#include "tools/unstable.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_interpreter.h"
#include "llvm/ADT/MapVector.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/analysis/refusal.h"
#include "passes/analysis/sign.h"
#include "tools/answers.h"
#include "tools/rounding_noise.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

constexpr double kTold = 0.99;      // of the cosine: below is told
constexpr size_t kMostSamples = 4;  // of each length

double StepOf(nn::QuantizeOp op) { return nn::ScaleOf(nn::QuantizedElement(op.getType())); }

// Share of what each quantizer reads that is nearer to zero than to a step, by node; of those that
// read both signs: of a ReLU or a softmax most may well be near zero.
using Shares = llvm::MapVector<mlir::Operation*, double>;

Shares NearZero(FuncOp function, std::vector<nn::Tensor> inputs) {
  const SignAnalysis signs(function);
  llvm::DenseSet<mlir::Operation*> counted;
  for (nn::QuantizeOp op : SecretQuantizers(function))
    if (!signs.Has(op.getInput(), Sign::kNonNegative)) counted.insert(op);
  Shares shares;
  (void)nn::RunNn(
      function, std::move(inputs),
      [&](mlir::Operation* op, llvm::ArrayRef<const nn::Tensor*> in, const nn::Tensor&) {
        if (!counted.contains(op)) return;
        const double half = StepOf(llvm::cast<nn::QuantizeOp>(op)) / 2;
        const auto& values = in[0]->floats();
        const auto near = llvm::count_if(values, [&](float x) { return std::abs(x) < half; });
        shares[op] = static_cast<double>(near) / static_cast<double>(values.size());
      });
  return shares;
}

std::vector<std::string> Coarsest(FuncOp function, const FittedSamples& samples) {
  constexpr size_t kNamed = 3;
  auto shares = NearZero(function, samples.inputs.front()).takeVector();
  llvm::stable_sort(shares, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> named;
  for (const auto& [op, share] : llvm::ArrayRef(shares).take_front(kNamed))
    named.push_back(fmt::format("{} {:.0f} %", nn::NodeName(op->getLoc()), 100 * share));
  return named;
}

}  // namespace

void WarnOfUnstable(llvm::ArrayRef<FuncOp> functions, const std::vector<FittedSamples>& samples) {
  double least = 1;
  size_t worst = 0;
  for (size_t f = 0; f < functions.size(); ++f) {
    if (samples[f].inputs.empty() || SecretQuantizers(functions[f]).empty()) continue;
    const double cosine = LeastCosine(functions[f], *WithRoundingNoise(functions[f], /*seed=*/1),
                                      samples[f], kMostSamples);
    if (cosine < least) least = cosine, worst = f;
  }
  if (least >= kTold) return;
  mlir::emitWarning(functions.front()->getLoc()) << Refusal(
      fmt::format(
          "answers that hang on roundings: {:g} of a step before each quantizer takes them "
          "as far as cosine {:.2f} on these inputs (most of what they read is zero in steps "
          "of {})",
          kRoundingNoise, least, fmt::join(Coarsest(functions[worst], samples[worst]), ", ")),
      "files of which runs that differ by less than a rounding give one answer: a private run is "
      "one of many that are as right",
      "give these quantizers finer steps, or quantize the float model with 'mpcc quantize', or "
      "MatMul and Gemm alone (op_types_to_quantize)");
}

}  // namespace mpcc
