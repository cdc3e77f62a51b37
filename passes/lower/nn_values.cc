// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/nn_values.h"

#include <cmath>

#include "fmt/format.h"
#include "ir/nn/functions.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_map.h"
#include "passes/analysis/refusal.h"

namespace mpcc {
namespace {

std::optional<double> CommonScale(mlir::quant::QuantizedType type, int64_t channels) {
  const double first = nn::ScaleOf(type, 0);
  for (int64_t c = 1; c < channels; ++c)
    if (nn::ScaleOf(type, c) != first) return std::nullopt;
  return first;
}

// Channel index of each element along `axis`.
int64_t ChannelOf(int64_t element, llvm::ArrayRef<int64_t> shape, int64_t axis) {
  int64_t inner = 1;
  for (size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  return element / inner % shape[axis];
}

std::vector<double> Dequantize(const nn::Tensor& tensor, mlir::quant::QuantizedType type) {
  const auto axis = nn::QuantizedAxis(type);
  std::vector<double> out(tensor.size());
  for (int64_t i = 0; i < tensor.size(); ++i) {
    const int64_t c = axis ? ChannelOf(i, tensor.shape, *axis) : 0;
    out[i] = (tensor.stored()[i] - nn::ZeroPointOf(type, c)) * nn::ScaleOf(type, c);
  }
  return out;
}

}  // namespace

mlir::FailureOr<RealConstant> ReadConstant(mlir::Value value) {
  auto op = value.getDefiningOp<nn::ConstantOp>();
  if (!op) return mlir::emitError(value.getLoc(), "expected a constant parameter");
  auto tensor = nn::GetConstantTensor(op);
  if (!tensor.ok()) return op.emitOpError() << tensor.status().message().data();
  RealConstant out{{}, tensor->shape, std::nullopt};
  if (auto type = nn::QuantizedElement(value.getType())) {
    const auto axis = nn::QuantizedAxis(type);
    out.values = Dequantize(*tensor, type);
    out.step = CommonScale(type, axis ? tensor->shape[*axis] : 1);
  } else {
    out.values.assign(tensor->floats().begin(), tensor->floats().end());
  }
  return out;
}

std::vector<int64_t> InUnits(const std::vector<double>& values, double unit) {
  std::vector<int64_t> out(values.size());
  for (size_t i = 0; i < values.size(); ++i) out[i] = std::llrint(values[i] / unit);
  return out;
}

bool IsStructural(mlir::Operation* op) {
  return op && llvm::isa<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(op);
}

Chain StructuralChain(mlir::Value value) {
  Chain chain{value, {}};
  while (IsStructural(chain.base.getDefiningOp())) {
    chain.ops.insert(chain.ops.begin(), chain.base.getDefiningOp());
    chain.base = chain.base.getDefiningOp()->getOperand(0);
  }
  return chain;
}

bool IsFunction(mlir::Operation* op) { return llvm::isa_and_present<nn::UnaryOp, nn::MapOp>(op); }

mlir::FailureOr<RealFunction> FunctionOf(mlir::Operation* op) {
  if (auto unary = llvm::dyn_cast<nn::UnaryOp>(op)) {
    const nn::UnaryKind kind = unary.getKind();
    if (!nn::FindSecretFunction(kind))
      return Refuse(op->getLoc(),
                    fmt::format("'{}' of a secret value", nn::stringifyUnaryKind(kind).str()),
                    nn::SecretFunctionNames(), "replace it by one of these, or by a map");
    return RealFunction([kind](double x) { return nn::ScalarUnary(kind, x); });
  }
  auto function = nn::ScalarFunction::Of(llvm::cast<nn::MapOp>(op));
  if (!function.ok()) return op->emitOpError() << std::string(function.status().message());
  return RealFunction(*std::move(function));
}

llvm::ArrayRef<int64_t> ExtentsOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

void ScaleColumns(std::vector<double>& values, const std::vector<double>& columns) {
  for (size_t i = 0; !columns.empty() && i < values.size(); ++i)
    values[i] *= columns[i % columns.size()];
}

}  // namespace mpcc
