// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ir/nn/types.h"
#include "ir/reference/nn_eval.h"
#include "runtime/plain/product.h"

namespace mpcc::nn {
namespace {

// An operand as `scale` times integers (per-tensor quantization), or as real numbers with scale 1.
struct Factor {
  Tensor::Floats values;
  double scale = 1.0;

  Factor(const Tensor& tensor, mlir::Type tensor_type) {
    auto type = QuantizedElement(tensor_type);
    if (!type || QuantizedAxis(type)) {
      values = RealValues(tensor, tensor_type);
      return;
    }
    scale = ScaleOf(type);
    const int64_t zero = ZeroPointOf(type);
    values.reserve(tensor.stored().size());
    for (int32_t q : tensor.stored()) values.push_back(static_cast<float>(q - zero));
  }
};

// The weight of a linear layer: integers and one scale for each output where the type allows it.
struct WeightFactor {
  Tensor::Floats values;
  std::vector<double> scales;

  WeightFactor(const Tensor& tensor, mlir::Type tensor_type) {
    const int64_t n = tensor.shape[1];
    auto type = QuantizedElement(tensor_type);
    if (!type || QuantizedAxis(type).value_or(1) != 1) {
      values = RealValues(tensor, tensor_type);
      scales.assign(n, 1.0);
      return;
    }
    std::vector<int32_t> zeros;
    for (int64_t j = 0; j < n; ++j) {
      scales.push_back(ScaleOf(type, j));
      zeros.push_back(static_cast<int32_t>(ZeroPointOf(type, j)));
    }
    const Tensor::Stored& q = tensor.stored();
    values.resize(q.size());
    for (size_t row = 0; row < q.size(); row += n)
      for (int64_t j = 0; j < n; ++j) values[row + j] = static_cast<float>(q[row + j] - zeros[j]);
  }
};

}  // namespace

absl::StatusOr<Tensor> Eval(LinearOp op, Operands in) {
  Factor x(*in[0], op.getInput().getType());
  WeightFactor w(*in[1], op.getWeight().getType());
  const int64_t k = in[1]->shape[0], n = in[1]->shape[1], m = in[0]->size() / k;
  std::vector<double> sums(m * n, 0.0);
  plain::AccumulateProduct(x.values.data(), w.values.data(), sums, m, k);
  Tensor::Floats out(sums.size());
  for (int64_t i = 0; i < m; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double bias = in.size() > 2 ? in[2]->floats()[j] : 0.0;
      out[i * n + j] = static_cast<float>(sums[i * n + j] * x.scale * w.scales[j] + bias);
    }
  }
  return Tensor{ResultShape(op), std::move(out)};
}

absl::StatusOr<Tensor> Eval(MatMulOp op, Operands in) {
  Factor a(*in[0], op.getLhs().getType()), b(*in[1], op.getRhs().getType());
  std::vector<int64_t> shape = ResultShape(op);
  const size_t rank = shape.size();
  const int64_t m = shape[rank - 2], n = shape[rank - 1], k = in[0]->shape.back();
  std::vector<int64_t> batch(shape.begin(), shape.end() - 2);
  auto batch_of = [&](const Tensor& t) {
    return BroadcastStrides({t.shape.begin(), t.shape.end() - 2}, batch);
  };
  std::vector<int64_t> lhs_at(ElementCount(batch));
  ForEachOffset(batch, batch_of(*in[0]), 0, [&](int64_t i, int64_t at) { lhs_at[i] = at; });
  Tensor::Floats out(ElementCount(shape)), turned(k * n);
  std::vector<double> sums(m * n);
  ForEachOffset(batch, batch_of(*in[1]), 0, [&](int64_t i, int64_t rhs_at) {
    const float* rhs = b.values.data() + rhs_at * k * n;
    if (op.getTransposeB()) {
      plain::TransposeMatrix(rhs, turned.data(), n, k);
      rhs = turned.data();
    }
    std::fill(sums.begin(), sums.end(), 0.0);
    plain::AccumulateProduct(a.values.data() + lhs_at[i] * m * k, rhs, sums, m, k);
    for (int64_t j = 0; j < m * n; ++j)
      out[i * m * n + j] = static_cast<float>(sums[j] * a.scale * b.scale);
  });
  return Tensor{std::move(shape), std::move(out)};
}

}  // namespace mpcc::nn
