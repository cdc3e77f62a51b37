// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <random>

#include "ir/nn/types.h"
#include "ir/reference/nn_interpreter.h"
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

struct CalibrateRanges : impl::CalibrateRangesBase<CalibrateRanges> {
  using CalibrateRangesBase::CalibrateRangesBase;

  void runOnOperation() override {
    mlir::func::FuncOp function = getOperation();
    llvm::MapVector<mlir::Operation*, float> ranges;
    for (mlir::Operation& op : function.getBody().front())
      if (NeedsRange(op)) ranges[&op] = 0;
    if (ranges.empty()) return;
    std::mt19937_64 random(seed);
    for (unsigned i = 0; i < samples; ++i) {
      std::vector<nn::Tensor> inputs;
      for (mlir::Value argument : function.getArguments())
        inputs.push_back(RandomInput(argument, random));
      auto result =
          nn::RunNn(function, std::move(inputs), [&](mlir::Operation* op, const nn::Tensor& t) {
            if (auto it = ranges.find(op); it != ranges.end())
              it->second = std::max(it->second, LargestMagnitude(t));
          });
      if (!result.ok()) {
        function.emitError() << "calibration failed: " << result.status().message().data();
        return signalPassFailure();
      }
    }
    for (auto& [op, range] : ranges)
      op->setAttr(nn::kRangeAttr,
                  mlir::Builder(op->getContext()).getF64FloatAttr(std::max(range, 1e-6f)));
  }
};

}  // namespace
}  // namespace mpcc
