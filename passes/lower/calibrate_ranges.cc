// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_measure.h"
#include "passes/lower/known_ranges.h"
#include "passes/lower/nn_values.h"
#include "passes/lower/passes.h"
#include "passes/lower/random_inputs.h"
#include "passes/lower/row_bounds.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_CALIBRATERANGES
#include "passes/lower/passes.h.inc"

namespace {

using mlir::func::FuncOp;

constexpr double kLargestFloat = std::numeric_limits<float>::max();  // for what masks overflow to

bool IsReal(mlir::Operation& op) {
  return op.getNumResults() == 1 && !llvm::isa<nn::ConstantOp>(op) &&
         llvm::isa<nn::NnDialect>(op.getDialect()) &&
         llvm::cast<mlir::RankedTensorType>(op.getResult(0).getType()).getElementType().isF32();
}

// What random inputs reach, and what no input exceeds.
struct Guess {
  double range = 0;
  std::optional<double> bound;
};

template <typename T>
using ByOperation = llvm::MapVector<mlir::Operation*, T>;

// One function: its operations whose range is missing, with what is known or measured, and the
// bounds of those whose range is known and that a secret normalization or mean lifts.
struct Bucket {
  FuncOp function;
  ByOperation<std::optional<double>> known, lifted;
  ByOperation<Guess> guessed;
};

// What gives the values that an operation reads, behind reshapes and the like.
mlir::Operation* ProducerOf(mlir::Value value) {
  mlir::Operation* op = value.getDefiningOp();
  return op && IsStructural(op) ? ProducerOf(op->getOperand(0)) : op;
}

Bucket MissingOf(FuncOp function, int table_bits) {
  Bucket bucket{function, {}, {}, {}};
  const KnownRanges known(function);
  const nn::VisibilityAnalysis visibility(function);
  for (mlir::Operation& op : function.getBody().front()) {
    if (!IsReal(op) || IsStructural(&op) || op.hasAttr(nn::kRangeAttr)) continue;
    if (auto range = known.Of(op.getResult(0)))
      bucket.known[&op] = range;
    else if (visibility.EntersSecrets(op.getResult(0)))
      bucket.guessed[&op] = {};
  }
  function.walk([&](mlir::Operation* op) {
    if (!llvm::isa<nn::LayerNormOp, nn::MeanPoolOp, nn::L2NormalizeOp>(op) ||
        visibility.IsVisible(op->getResult(0)))
      return;
    mlir::Operation* source = ProducerOf(op->getOperand(0));
    if (source && !bucket.guessed.contains(source)) bucket.lifted[source] = {};
  });
  if (bucket.guessed.empty() && bucket.lifted.empty()) return bucket;
  const RowBounds bounds(function, table_bits);
  for (auto& [op, guess] : bucket.guessed) guess.bound = bounds.MagnitudeOf(op->getResult(0));
  for (auto& [op, bound] : bucket.lifted) bound = bounds.MagnitudeOf(op->getResult(0));
  return bucket;
}

using Progress = std::function<void(size_t done, size_t all)>;

mlir::LogicalResult Measure(Bucket& bucket, unsigned samples, unsigned seed,
                            const Progress& progress) {
  std::vector<std::vector<nn::Tensor>> inputs;
  for (unsigned i = 0; i < samples; ++i) inputs.push_back(RandomInputs(bucket.function, i, seed));
  auto found = nn::Measure(bucket.function, inputs, {progress, {}, /*clippings=*/false});
  if (!found.ok())
    return bucket.function.emitError()
           << "calibration failed: " << std::string(found.status().message());
  for (auto& [op, guess] : bucket.guessed)
    guess.range = found->extents[op->getResult(0)].Magnitude();
  return mlir::success();
}

// Those of all buckets as of one, told as they are done.
mlir::LogicalResult MeasureAll(llvm::MutableArrayRef<Bucket> buckets, unsigned samples,
                               unsigned seed, const Progress& progress) {
  std::vector<Bucket*> measured;
  for (Bucket& bucket : buckets)
    if (!bucket.guessed.empty()) measured.push_back(&bucket);
  size_t before = 0;
  for (Bucket* bucket : measured) {
    const auto tell = [&](size_t done, size_t) {
      if (progress) progress(before + done, samples * measured.size());
    };
    if (mlir::failed(Measure(*bucket, samples, seed, tell))) return mlir::failure();
    before += samples;
  }
  return mlir::success();
}

template <typename T>
bool SameOperations(const ByOperation<T>& a, const ByOperation<T>& b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](const auto& pair) {
           return std::get<0>(pair).first->getName() == std::get<1>(pair).first->getName();
         });
}

std::optional<double> LargestOf(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
}

Guess LargestOf(const Guess& a, const Guess& b) {
  return {std::max(a.range, b.range), LargestOf(a.bound, b.bound)};
}

template <typename T>
void TakeLargest(llvm::MutableArrayRef<Bucket> buckets, ByOperation<T> Bucket::*of) {
  ByOperation<T>& first = buckets.front().*of;
  for (Bucket& bucket : buckets.drop_front()) {
    if (!SameOperations(first, bucket.*of)) continue;
    for (auto [largest, own] : llvm::zip(first, bucket.*of))
      largest.second = LargestOf(largest.second, own.second);
  }
  for (Bucket& bucket : buckets.drop_front())
    if (SameOperations(first, bucket.*of))
      for (auto [largest, own] : llvm::zip(first, bucket.*of)) own.second = largest.second;
}

void Annotate(Bucket& bucket) {
  mlir::Builder builder(bucket.function.getContext());
  auto set = [&](mlir::Operation* op, llvm::StringRef name, double range) {
    op->setAttr(name, builder.getF64FloatAttr(std::clamp(range, 1e-6, kLargestFloat)));
  };
  for (const auto& [op, range] : bucket.known) set(op, nn::kRangeAttr, *range);
  for (const auto& [op, bound] : bucket.lifted)
    if (bound) set(op, nn::kBoundAttr, *bound);
  for (const auto& [op, guess] : bucket.guessed) {
    set(op, nn::kRangeAttr, guess.range);
    if (guess.bound) set(op, nn::kBoundAttr, *guess.bound);
    op->setAttr(nn::kGuessedAttr, builder.getUnitAttr());
  }
}

// Algorithm:
// 1. What the file, a calibration, quantizers and arithmetic tell needs no measurement.
// 2. The rest is measured on random inputs, and marked as guessed.
// 3. Beside it, and beside the range of what is lifted, stands what no input exceeds.
// 4. Buckets of one model share what was measured, and bounds.
struct CalibrateRanges : impl::CalibrateRangesBase<CalibrateRanges> {
  using CalibrateRangesBase::CalibrateRangesBase;
  explicit CalibrateRanges(Progress tell) : progress(std::move(tell)) {}

  void runOnOperation() override {
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    std::vector<Bucket> buckets;
    for (FuncOp function : getOperation().getOps<FuncOp>())
      if (!function.isExternal()) buckets.push_back(MissingOf(function, policy->table_bits));
    if (mlir::failed(MeasureAll(buckets, samples, seed, progress))) return signalPassFailure();
    if (buckets.empty()) return;
    // Buckets of one model get one range for each operation, so that they get one set of weights.
    TakeLargest(buckets, &Bucket::guessed);
    TakeLargest(buckets, &Bucket::lifted);
    for (Bucket& bucket : buckets) Annotate(bucket);
  }

  Progress progress;
};

}  // namespace

std::unique_ptr<mlir::Pass> CreateCalibrateRanges(Progress progress) {
  return std::make_unique<CalibrateRanges>(std::move(progress));
}

}  // namespace mpcc
