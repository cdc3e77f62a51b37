// SPDX-License-Identifier: Apache-2.0
#include "tools/answers.h"

#include <mutex>

#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"
#include "passes/lower/random_inputs.h"
#include "tools/verification.h"

namespace mpcc {

using mlir::func::FuncOp;

double LeastCosine(FuncOp a, FuncOp b, const FittedSamples& samples, size_t most) {
  double least = 1;
  std::mutex mutex;
  nn::ConstantCache constants;
  const int64_t length = LengthOf(a);
  mlir::parallelFor(a.getContext(), 0, std::min(samples.inputs.size(), most), [&](size_t i) {
    const auto x = nn::RunNn(a, samples.inputs[i], nullptr, &constants);
    const auto y = nn::RunNn(b, samples.inputs[i], nullptr, &constants);
    if (!x.ok() || !y.ok()) return;
    const std::lock_guard lock(mutex);
    for (size_t r = 0; r < x->size(); ++r)
      least = std::min(least, Agree((*x)[r], (*y)[r], length, samples.lengths[i]).cosine);
  });
  return least;
}

FittedSamples RandomSamples(FuncOp function, unsigned count) {
  FittedSamples samples;
  for (unsigned seed = 0; seed < count; ++seed) {
    samples.inputs.push_back(RandomInputs(function, /*number=*/0, seed));
    samples.lines.push_back(seed + 1);
    samples.lengths.push_back(LengthOf(function));
  }
  return samples;
}

}  // namespace mpcc
