// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ir/reference/nn_eval.h"
#include "runtime/base/rounding.h"

namespace mpcc::nn {
namespace {

// Reduces elements into double cells of the result's shape, which keeps the axes with extent 1.
template <typename T, typename Combine>
std::vector<double> Fold(const std::vector<T>& values, const std::vector<int64_t>& shape,
                         const std::vector<int64_t>& result, double start, Combine combine) {
  std::vector<double> cells(ElementCount(result), start);
  ForEachOffset(shape, BroadcastStrides(result, shape), 0, [&](int64_t i, int64_t at) {
    cells[at] = combine(cells[at], static_cast<double>(values[i]));
  });
  return cells;
}

template <typename T>
std::vector<double> Reduce(ReduceKind kind, const std::vector<T>& values,
                           const std::vector<int64_t>& shape, const std::vector<int64_t>& result) {
  auto add = [](double a, double b) { return a + b; };
  const double per_cell =
      static_cast<double>(values.size()) / static_cast<double>(ElementCount(result));
  switch (kind) {
    case ReduceKind::sum:
      return Fold(values, shape, result, 0.0, add);
    case ReduceKind::max:
      return Fold(values, shape, result, -std::numeric_limits<double>::infinity(),
                  [](double a, double b) { return std::max(a, b); });
    case ReduceKind::mean: {
      auto cells = Fold(values, shape, result, 0.0, add);
      for (double& cell : cells) cell /= per_cell;
      return cells;
    }
    case ReduceKind::l2: {
      auto cells = Fold(values, shape, result, 0.0, [](double a, double b) { return a + b * b; });
      for (double& cell : cells) cell = std::sqrt(cell);
      return cells;
    }
  }
  return {};
}

}  // namespace

absl::StatusOr<Tensor> Eval(ReduceOp op, Operands in) {
  Tensor out{ResultShape(op), {}};
  if (in[0]->is_float()) {
    auto cells = Reduce(op.getKind(), in[0]->floats(), in[0]->shape, out.shape);
    out.data = Tensor::Floats(cells.begin(), cells.end());
  } else if (in[0]->is_int()) {
    auto cells = Reduce(op.getKind(), in[0]->ints(), in[0]->shape, out.shape);
    Tensor::Ints ints(cells.size());
    std::transform(cells.begin(), cells.end(), ints.begin(), TruncateToInt);
    out.data = std::move(ints);
  } else {
    return absl::InvalidArgumentError("reduction of quantized values");
  }
  return out;
}

absl::StatusOr<Tensor> Eval(SoftmaxOp op, Operands in) {
  Tensor::Floats x = in[0]->floats();
  if (in.size() > 1) {
    const Tensor::Floats& mask = in[1]->floats();
    ForEachOffset(in[0]->shape, BroadcastStrides(in[1]->shape, in[0]->shape), 0,
                  [&](int64_t i, int64_t at) { x[i] += mask[at]; });
  }
  const int64_t width = in[0]->shape.back();
  std::vector<double> terms(width);
  for (auto row = x.begin(); row != x.end(); row += width) {
    const double top = *std::max_element(row, row + width);
    std::transform(row, row + width, terms.begin(), [&](float v) { return std::exp(v - top); });
    const double total = std::accumulate(terms.begin(), terms.end(), 0.0);
    std::transform(terms.begin(), terms.end(), row,
                   [&](double t) { return static_cast<float>(t / total); });
  }
  return Tensor{in[0]->shape, std::move(x)};
}

absl::StatusOr<Tensor> Eval(LayerNormOp op, Operands in) {
  Tensor::Floats x = in[0]->floats();
  const Tensor::Floats &gamma = in[1]->floats(), &beta = in[2]->floats();
  const int64_t width = in[0]->shape.back();
  const double epsilon = op.getEpsilon().convertToDouble();
  for (auto row = x.begin(); row != x.end(); row += width) {
    const double mean = std::accumulate(row, row + width, 0.0) / static_cast<double>(width);
    double variance = 0;
    for (auto v = row; v != row + width; ++v) variance += (*v - mean) * (*v - mean);
    const double factor = 1.0 / std::sqrt(variance / static_cast<double>(width) + epsilon);
    for (int64_t i = 0; i < width; ++i)
      row[i] = static_cast<float>((row[i] - mean) * factor * gamma[i] + beta[i]);
  }
  return Tensor{in[0]->shape, std::move(x)};
}

absl::StatusOr<Tensor> Eval(MeanPoolOp op, Operands in) {
  const int64_t batch = in[0]->shape[0], tokens = in[0]->shape[1], width = in[0]->shape[2];
  const Tensor::Floats &x = in[0]->floats(), &mask = in[1]->floats();
  Tensor::Floats out;
  out.reserve(batch * width);
  for (int64_t b = 0; b < batch; ++b) {
    std::vector<double> sums(width, 0.0);
    double kept = 0;
    for (int64_t t = 0; t < tokens; ++t) {
      const double weight = mask[b * tokens + t];
      kept += weight;
      for (int64_t d = 0; d < width; ++d) sums[d] += weight * x[(b * tokens + t) * width + d];
    }
    for (double sum : sums) out.push_back(static_cast<float>(sum / std::max(kept, 1e-9)));
  }
  return Tensor{ResultShape(op), std::move(out)};
}

absl::StatusOr<Tensor> Eval(L2NormalizeOp op, Operands in) {
  Tensor::Floats x = in[0]->floats();
  const int64_t width = in[0]->shape.back();
  for (auto row = x.begin(); row != x.end(); row += width) {
    const double norm = std::sqrt(std::inner_product(row, row + width, row, 0.0));
    const double factor = 1.0 / std::max(norm, op.getEpsilon().convertToDouble());
    for (int64_t i = 0; i < width; ++i) row[i] = static_cast<float>(row[i] * factor);
  }
  return Tensor{in[0]->shape, std::move(x)};
}

}  // namespace mpcc::nn
