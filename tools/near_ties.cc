// SPDX-License-Identifier: Apache-2.0
#include "tools/near_ties.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"
#include "runtime/base/status_macros.h"
#include "tools/rounding_noise.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;
using Answers = std::vector<std::vector<nn::Tensor>>;  // of each input

constexpr uint64_t kDraws = 4;

absl::StatusOr<Answers> RunAll(FuncOp function, const Answers& inputs) {
  Answers answers(inputs.size());
  nn::ConstantCache constants;
  absl::Status status;
  std::mutex mutex;
  mlir::parallelFor(function.getContext(), 0, inputs.size(), [&](size_t i) {
    auto own = nn::RunNn(function, inputs[i], nullptr, &constants);
    const std::lock_guard lock(mutex);
    if (own.ok())
      answers[i] = *std::move(own);
    else
      status = own.status();
  });
  if (!status.ok()) return status;
  return answers;
}

// What the rows of results that are no real numbers have stays 0.
void Widen(Nearness& rows, const nn::Tensor& clean, const nn::Tensor& noisy) {
  const size_t width = clean.shape.empty() ? 1 : clean.shape.back();
  if (rows.empty()) rows.assign(width > 0 ? clean.size() / width : 0, 0.0);
  if (!clean.is_float()) return;
  for (size_t i = 0; i < clean.floats().size(); ++i) {
    const double moved = std::abs(static_cast<double>(noisy.floats()[i]) - clean.floats()[i]);
    rows[i / width] = std::max(rows[i / width], 2 * moved);
  }
}

}  // namespace

absl::StatusOr<std::vector<std::vector<Nearness>>> NearnessOf(FuncOp canonical,
                                                              const Answers& inputs) {
  std::vector<std::vector<Nearness>> nearness(inputs.size());
  for (auto& results : nearness) results.resize(canonical.getNumResults());
  MPCC_ASSIGN_OR_RETURN(const Answers clean, RunAll(canonical, inputs));
  for (uint64_t seed = 1; seed <= kDraws; ++seed) {
    const auto noisy = WithRoundingNoise(canonical, seed);
    MPCC_ASSIGN_OR_RETURN(const Answers moved, RunAll(*noisy, inputs));
    for (size_t i = 0; i < inputs.size(); ++i)
      for (size_t r = 0; r < nearness[i].size(); ++r)
        Widen(nearness[i][r], clean[i][r], moved[i][r]);
  }
  return nearness;
}

bool IsNearTie(const double* row, int64_t width, double nearness) {
  double best = row[0], second = -INFINITY;
  for (int64_t i = 1; i < width; ++i) {
    second = std::max(second, std::min(best, row[i]));
    best = std::max(best, row[i]);
  }
  return best - second < nearness;
}

}  // namespace mpcc
