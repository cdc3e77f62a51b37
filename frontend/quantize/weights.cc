// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/weights.h"

#include <algorithm>
#include <cmath>

namespace mpcc::quantize {

std::vector<float> Weight::Peaks(int axis) const {
  const int64_t columns = matrix.shape[1];
  std::vector<float> peaks(matrix.shape[axis], 0.0f);
  const auto& values = matrix.floats();
  for (int64_t i = 0; i < matrix.size(); ++i) {
    float& peak = peaks[axis == 1 ? i % columns : i / columns];
    peak = std::max(peak, std::abs(values[i]));
  }
  return peaks;
}

void Weight::ScaleInputs(const std::vector<float>& factors) {
  const int64_t columns = matrix.shape[1];
  auto& values = std::get<nn::Tensor::Floats>(matrix.data);
  for (int64_t i = 0; i < matrix.size(); ++i)
    values[i] *= factors[column_axis == 0 ? i % columns : i / columns];
}

Weights ReadWeights(const GraphRewriter& graph, const Sites& sites) {
  std::map<std::string, const onnx::NodeProto*> nodes;
  for (const onnx::NodeProto& node : graph.nodes()) nodes[node.name()] = &node;
  Weights weights;
  for (const Linear& linear : sites.linears) {
    if (linear.is_quantized || weights.count(linear.weight)) continue;
    const onnx::NodeProto& node = *nodes.at(linear.node);
    auto matrix = graph.Constant(node.input(1));
    if (!matrix || !matrix->is_float() || matrix->shape.size() != 2) continue;
    weights[linear.weight] = {*std::move(matrix), IntAttribute(node, "transB", 0) ? 0 : 1};
  }
  return weights;
}

}  // namespace mpcc::quantize
