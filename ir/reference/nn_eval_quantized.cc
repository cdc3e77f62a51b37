// SPDX-License-Identifier: Apache-2.0
// Quantized element types: their scales and zero points are in the type.
#include <cmath>

#include "ir/nn/types.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_plain.h"
#include "runtime/base/status_macros.h"

namespace mpcc::nn {
namespace {

int64_t ChannelsOf(mlir::quant::QuantizedType type, const std::vector<int64_t>& shape) {
  auto axis = QuantizedAxis(type);
  return axis ? shape[*axis] : 1;
}

// For a per-axis type: channel of element i is (i / inner) % channels.
struct Channels {
  int64_t inner = 1, count = 1;
  Channels(mlir::quant::QuantizedType type, const std::vector<int64_t>& shape) {
    auto axis = QuantizedAxis(type);
    if (!axis) return;
    count = shape[*axis];
    for (size_t d = *axis + 1; d < shape.size(); ++d) inner *= shape[d];
  }
  int64_t Of(int64_t i) const { return count == 1 ? 0 : (i / inner) % count; }
};

Tensor Stored(const Tensor& tensor) {
  return {tensor.shape, Tensor::Stored(tensor.ints().begin(), tensor.ints().end())};
}

Tensor Widened(const Tensor& tensor) {
  return {tensor.shape, Tensor::Ints(tensor.stored().begin(), tensor.stored().end())};
}

// The scalar functions of each kind of an enum: tables are made of many calls.
template <typename Kind>
std::vector<plain::Scalars> ScalarsOf(llvm::StringRef (*name)(Kind), unsigned last) {
  std::vector<plain::Scalars> all;
  for (unsigned kind = 0; kind <= last; ++kind)
    all.push_back(plain::Operators()[plain::FindOperator(name(Kind(kind)).str())].scalars);
  return all;
}

}  // namespace

double ScalarUnary(UnaryKind kind, double x) {
  static const auto* functions =
      new std::vector<plain::Scalars>(ScalarsOf(stringifyUnaryKind, getMaxEnumValForUnaryKind()));
  auto function = (*functions)[static_cast<size_t>(kind)].real1;
  return function ? function(x) : std::nan("");
}

double ScalarBinary(BinaryKind kind, double a, double b) {
  static const auto* functions =
      new std::vector<plain::Scalars>(ScalarsOf(stringifyBinaryKind, getMaxEnumValForBinaryKind()));
  return (*functions)[static_cast<size_t>(kind)].real2(a, b);
}

// Arithmetic on storage integers: the Clip behind a quantizer.
absl::StatusOr<Tensor> Eval(BinaryOp op, Operands in) {
  const Tensor a = Widened(*in[0]), b = Widened(*in[1]);
  const int number = plain::FindOperator(stringifyBinaryKind(op.getKind()).str());
  MPCC_ASSIGN_OR_RETURN(const Tensor wide, EvaluatePlain({number, {}}, {&a, &b}));
  return Stored(wide);
}

absl::StatusOr<Tensor> Eval(QuantizeOp op, Operands in) {
  auto type = QuantizedElement(op.getType());
  const int64_t channels = ChannelsOf(type, in[0]->shape);
  Tensor scale{{channels}, Tensor::Floats()}, zero{{channels}, Tensor::Ints()};
  for (int64_t c = 0; c < channels; ++c) {
    std::get<Tensor::Floats>(scale.data).push_back(static_cast<float>(ScaleOf(type, c)));
    std::get<Tensor::Ints>(zero.data).push_back(ZeroPointOf(type, c));
  }
  const PlainCall call{
      plain::FindOperator("quantize"),
      {QuantizedAxis(type).value_or(0), type.getStorageTypeMin(), type.getStorageTypeMax()}};
  MPCC_ASSIGN_OR_RETURN(const Tensor wide, EvaluatePlain(call, {in[0], &scale, &zero}));
  return Stored(wide);
}

// Scales of the type are doubles: passes multiply them.
Tensor::Floats RealValues(const Tensor& tensor, mlir::Type tensor_type) {
  auto type = QuantizedElement(tensor_type);
  if (!type) return tensor.floats();
  Channels channels(type, tensor.shape);
  const Tensor::Stored& q = tensor.stored();
  Tensor::Floats out(q.size());
  for (size_t i = 0; i < q.size(); ++i) {
    int64_t channel = channels.Of(static_cast<int64_t>(i));
    out[i] = static_cast<float>(static_cast<double>(q[i] - ZeroPointOf(type, channel)) *
                                ScaleOf(type, channel));
  }
  return out;
}

absl::StatusOr<Tensor> Eval(DequantizeOp op, Operands in) {
  return Tensor{in[0]->shape, RealValues(*in[0], op.getInput().getType())};
}

}  // namespace mpcc::nn
