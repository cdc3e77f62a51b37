// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <random>

#include "ir/nn/types.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"
#include "passes/lower/lowering.h"
#include "passes/lower/passes.h"

namespace mpcc {

#define GEN_PASS_DEF_CALIBRATERANGES
#include "passes/lower/passes.h.inc"

namespace {

bool NeedsRange(mlir::Operation& op) {
  return op.getNumResults() == 1 && !op.hasAttr(nn::kRangeAttr) && !llvm::isa<nn::ConstantOp>(op) &&
         llvm::isa<nn::NnDialect>(op.getDialect()) &&
         llvm::cast<mlir::RankedTensorType>(op.getResult(0).getType()).getElementType().isF32();
}

// Rows of the table that an argument indexes, or 0.
int64_t TableRows(mlir::Value argument) {
  for (mlir::Operation* user : argument.getUsers())
    if (auto gather = llvm::dyn_cast<nn::GatherOp>(user); gather && gather.getIds() == argument)
      return llvm::cast<mlir::RankedTensorType>(gather.getTable().getType()).getDimSize(0);
  return 0;
}

nn::Tensor RandomInput(mlir::Value argument, std::mt19937_64& random) {
  auto type = llvm::cast<mlir::RankedTensorType>(argument.getType());
  nn::Tensor tensor{type.getShape().vec(), {}};
  if (type.getElementType().isF32()) {
    nn::Tensor::Floats values(type.getNumElements());
    std::normal_distribution<float> normal;
    for (float& v : values) v = normal(random);
    tensor.data = std::move(values);
    return tensor;
  }
  nn::Tensor::Ints values(type.getNumElements(), 1);
  if (const int64_t rows = TableRows(argument)) {
    std::uniform_int_distribution<int64_t> id(0, rows - 1);
    for (int64_t& v : values) v = id(random);
  }
  tensor.data = std::move(values);
  return tensor;
}

float LargestMagnitude(const nn::Tensor& tensor) {
  float largest = 0;
  // Mask values of -3e38 are data-visible and bound nothing.
  for (float v : tensor.floats())
    if (std::abs(v) < 1e30f) largest = std::max(largest, std::abs(v));
  return largest;
}

using RangeMap = llvm::MapVector<mlir::Operation*, float>;

RangeMap WithoutRange(mlir::func::FuncOp function) {
  RangeMap ranges;
  for (mlir::Operation& op : function.getBody().front())
    if (NeedsRange(op)) ranges[&op] = 0;
  return ranges;
}

mlir::LogicalResult Measure(mlir::func::FuncOp function, unsigned samples, unsigned seed,
                            RangeMap& ranges) {
  std::mt19937_64 random(seed);
  for (unsigned i = 0; i < (ranges.empty() ? 0 : samples); ++i) {
    std::vector<nn::Tensor> inputs;
    for (mlir::Value argument : function.getArguments())
      inputs.push_back(RandomInput(argument, random));
    auto result =
        nn::RunNn(function, std::move(inputs), [&](mlir::Operation* op, auto, const nn::Tensor& t) {
          if (auto it = ranges.find(op); it != ranges.end())
            it->second = std::max(it->second, LargestMagnitude(t));
        });
    if (!result.ok())
      return function.emitError() << "calibration failed: " << result.status().message().data();
  }
  return mlir::success();
}

bool SameOperations(const RangeMap& a, const RangeMap& b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](const auto& pair) {
           return std::get<0>(pair).first->getName() == std::get<1>(pair).first->getName();
         });
}

// Buckets of one model get one range for each operation, so that they get one set of weights.
void TakeLargest(llvm::MutableArrayRef<RangeMap> buckets) {
  for (RangeMap& bucket : buckets.drop_front()) {
    if (!SameOperations(buckets.front(), bucket)) continue;
    for (auto [first, own] : llvm::zip(buckets.front(), bucket))
      first.second = std::max(first.second, own.second);
  }
  for (RangeMap& bucket : buckets.drop_front())
    if (SameOperations(buckets.front(), bucket))
      for (auto [first, own] : llvm::zip(buckets.front(), bucket)) own.second = first.second;
}

struct CalibrateRanges : impl::CalibrateRangesBase<CalibrateRanges> {
  using CalibrateRangesBase::CalibrateRangesBase;

  void runOnOperation() override {
    auto functions = llvm::to_vector(
        llvm::make_filter_range(getOperation().getOps<mlir::func::FuncOp>(),
                                [](mlir::func::FuncOp f) { return !f.isExternal(); }));
    std::vector<RangeMap> ranges;
    for (mlir::func::FuncOp function : functions) ranges.push_back(WithoutRange(function));
    const mlir::LogicalResult measured = mlir::failableParallelForEachN(
        &getContext(), 0, functions.size(),
        [&](size_t i) { return Measure(functions[i], samples, seed, ranges[i]); });
    if (mlir::failed(measured)) return signalPassFailure();
    if (ranges.empty()) return;
    TakeLargest(ranges);
    for (const RangeMap& bucket : ranges)
      for (const auto& [op, range] : bucket)
        op->setAttr(nn::kRangeAttr,
                    mlir::Builder(op->getContext()).getF64FloatAttr(std::max(range, 1e-6f)));
  }
};

}  // namespace
}  // namespace mpcc
