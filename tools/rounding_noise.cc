// SPDX-License-Identifier: Apache-2.0
#include "tools/rounding_noise.h"

#include <random>

#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_constants.h"

namespace mpcc {

using mlir::func::FuncOp;

std::vector<nn::QuantizeOp> SecretQuantizers(FuncOp function) {
  const nn::VisibilityAnalysis visibility(function);
  std::vector<nn::QuantizeOp> found;
  for (auto op : function.getBody().front().getOps<nn::QuantizeOp>())
    if (!visibility.IsVisible(op.getResult()) &&
        !nn::QuantizedAxis(nn::QuantizedElement(op.getType())))
      found.push_back(op);
  return found;
}

mlir::OwningOpRef<FuncOp> WithRoundingNoise(FuncOp function, uint64_t seed) {
  mlir::OwningOpRef<FuncOp> noisy = function.clone();
  std::mt19937_64 random(seed);
  for (nn::QuantizeOp op : SecretQuantizers(*noisy)) {
    const double step = nn::ScaleOf(nn::QuantizedElement(op.getType()));
    std::normal_distribution<float> noise(0, static_cast<float>(kRoundingNoise * step));
    auto type = llvm::cast<mlir::RankedTensorType>(op.getInput().getType());
    nn::Tensor::Floats values(type.getNumElements());
    for (float& value : values) value = noise(random);
    mlir::OpBuilder b(op);
    mlir::Value constant =
        nn::MakeConstant(b, op.getLoc(), {type.getShape().vec(), std::move(values)}, type);
    op.getInputMutable().assign(
        b.create<nn::BinaryOp>(op.getLoc(), type, nn::BinaryKind::add, op.getInput(), constant));
  }
  return noisy;
}

}  // namespace mpcc
