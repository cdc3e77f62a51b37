// SPDX-License-Identifier: Apache-2.0
// Rows less their mean: what stands for a layer normalization with quantizers inside.
#include "ir/reference/nn_eval.h"

namespace mpcc::nn {
namespace {

// Each element of row after row, less the mean of its row.
Tensor::Floats Centered(const Tensor& x) {
  const Tensor::Floats& values = x.floats();
  const auto n = static_cast<size_t>(x.shape.back());
  Tensor::Floats out(values.size());
  for (size_t row = 0; row < values.size(); row += n) {
    double sum = 0;
    for (size_t i = row; i < row + n; ++i) sum += values[i];
    const double mean = sum / static_cast<double>(n);
    for (size_t i = row; i < row + n; ++i) out[i] = static_cast<float>(values[i] - mean);
  }
  return out;
}

}  // namespace

absl::StatusOr<Tensor> Eval(VarianceOp op, Operands in) {
  const Tensor::Floats centered = Centered(*in[0]);
  const auto n = static_cast<size_t>(in[0]->shape.back());
  Tensor::Floats out;
  for (size_t row = 0; row < centered.size(); row += n) {
    double sum = 0;
    for (size_t i = row; i < row + n; ++i)
      sum += static_cast<double>(centered[i]) * static_cast<double>(centered[i]);
    out.push_back(static_cast<float>(sum / static_cast<double>(n)));
  }
  return Tensor{ResultShape(op), std::move(out)};
}

absl::StatusOr<Tensor> Eval(StandardizeOp op, Operands in) {
  Tensor::Floats out = Centered(*in[0]);
  const auto n = static_cast<size_t>(in[0]->shape.back());
  for (size_t i = 0; i < out.size(); ++i) out[i] *= in[1]->floats()[i / n];
  return Tensor{ResultShape(op), std::move(out)};
}

}  // namespace mpcc::nn
