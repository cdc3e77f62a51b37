// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_map.h"

#include <algorithm>
#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_eval.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include "runtime/plain/operators.h"

namespace mpcc::nn {
namespace {

using Numbers = std::vector<double>;
using Step = std::function<double(const Numbers&)>;
using Indices = llvm::ArrayRef<size_t>;

double Rounded(double x) { return static_cast<double>(static_cast<float>(x)); }

double OnlyElement(const Tensor& tensor) {
  return std::visit([](const auto& values) { return static_cast<double>(values[0]); }, tensor.data);
}

Step OfUnary(UnaryOp op, Indices in) {
  const UnaryKind kind = op.getKind();
  const size_t x = in[0];
  if (kind == UnaryKind::cast) {
    const bool to_bool = op.getType().getElementType().isInteger(1);
    return [=](const Numbers& n) { return to_bool ? n[x] != 0 : n[x]; };
  }
  if (kind == UnaryKind::logical_not) return [=](const Numbers& n) { return n[x] == 0; };
  return [=](const Numbers& n) { return Rounded(ScalarUnary(kind, n[x])); };
}

Step OfBinary(BinaryOp op, Indices in) {
  const size_t a = in[0], b = in[1];
  return [a, b, kind = op.getKind()](const Numbers& n) {
    return Rounded(ScalarBinary(kind, n[a], n[b]));
  };
}

Step OfSelect(Indices in) {
  const size_t condition = in[0], a = in[1], b = in[2];
  return [=](const Numbers& n) { return n[condition] != 0 ? n[a] : n[b]; };
}

Step OfQuantize(QuantizeOp op, Indices in) {
  auto type = QuantizedElement(op.getType());
  const auto scale = static_cast<float>(ScaleOf(type));
  return [=, zero = ZeroPointOf(type), low = type.getStorageTypeMin(),
          high = type.getStorageTypeMax(), x = in[0]](const Numbers& n) {
    return static_cast<double>(
        plain::QuantizeNumber(static_cast<float>(n[x]), scale, zero, low, high));
  };
}

Step OfDequantize(DequantizeOp op, Indices in) {
  auto type = QuantizedElement(op.getInput().getType());
  const double scale = ScaleOf(type);
  const auto zero = static_cast<double>(ZeroPointOf(type));
  return [=, x = in[0]](const Numbers& n) { return Rounded((n[x] - zero) * scale); };
}

}  // namespace

absl::Status ScalarFunction::Add(mlir::Operation& op,
                                 const llvm::DenseMap<mlir::Value, size_t>& numbers) {
  if (auto constant = llvm::dyn_cast<ConstantOp>(op)) {
    auto tensor = GetConstantTensor(constant);
    if (!tensor.ok()) return tensor.status();
    steps_.push_back([value = OnlyElement(*tensor)](const Numbers&) { return value; });
    return absl::OkStatus();
  }
  llvm::SmallVector<size_t> in;
  for (mlir::Value operand : op.getOperands()) in.push_back(numbers.lookup(operand));
  Step step = llvm::TypeSwitch<mlir::Operation*, Step>(&op)
                  .Case([&](UnaryOp o) { return OfUnary(o, in); })
                  .Case([&](BinaryOp o) { return OfBinary(o, in); })
                  .Case([&](SelectOp) { return OfSelect(in); })
                  .Case([&](QuantizeOp o) { return OfQuantize(o, in); })
                  .Case([&](DequantizeOp o) { return OfDequantize(o, in); })
                  .Default([](mlir::Operation*) { return Step(); });
  if (!step) return absl::InvalidArgumentError("an op in a map has no meaning on one number");
  steps_.push_back(std::move(step));
  return absl::OkStatus();
}

absl::StatusOr<ScalarFunction> ScalarFunction::Of(MapOp op) {
  ScalarFunction function;
  mlir::Block& body = op.getBody().front();
  llvm::DenseMap<mlir::Value, size_t> numbers{{body.getArgument(0), 0}};
  for (mlir::Operation& inner : body.without_terminator()) {
    absl::Status status = function.Add(inner, numbers);
    if (!status.ok()) return status;
    numbers[inner.getResult(0)] = function.steps_.size();
  }
  function.result_ = numbers.lookup(llvm::cast<YieldOp>(body.back()).getValue());
  function.numbers_.resize(function.steps_.size() + 1);
  return function;
}

double ScalarFunction::operator()(double x) const {
  numbers_[0] = x;
  for (size_t i = 0; i < steps_.size(); ++i) numbers_[i + 1] = steps_[i](numbers_);
  return numbers_[result_];
}

absl::StatusOr<Tensor> Eval(MapOp op, Operands in) {
  auto function = ScalarFunction::Of(op);
  if (!function.ok()) return function.status();
  Tensor::Floats values(in[0]->floats());
  for (float& x : values) x = static_cast<float>((*function)(x));
  return Tensor{in[0]->shape, std::move(values)};
}

}  // namespace mpcc::nn
