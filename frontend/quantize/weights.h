// SPDX-License-Identifier: Apache-2.0
// The float matrices of linear layers while they are changed and become integers.
#ifndef MPCC_FRONTEND_QUANTIZE_WEIGHTS_H_
#define MPCC_FRONTEND_QUANTIZE_WEIGHTS_H_

#include <map>
#include <string>

#include "frontend/quantize/sites.h"
#include "ir/reference/tensor.h"

namespace mpcc::quantize {

// A matrix as its layers read it: [K, N], or [N, K] for a Gemm with transB.
struct Weight {
  nn::Tensor matrix;
  int column_axis = 1;

  int64_t inputs() const { return matrix.shape[1 - column_axis]; }
  int64_t outputs() const { return matrix.shape[column_axis]; }
  // Largest magnitude of each input row, or of each output column.
  std::vector<float> PeaksOfInputs() const { return Peaks(1 - column_axis); }
  std::vector<float> PeaksOfOutputs() const { return Peaks(column_axis); }
  // Multiplies each input row by its factor.
  void ScaleInputs(const std::vector<float>& factors);

 private:
  std::vector<float> Peaks(int axis) const;
};

using Weights = std::map<std::string, Weight>;  // by WeightKey

// The matrices of all layers whose weights are float, finite and of rank 2.
Weights ReadWeights(const GraphRewriter& graph, const Sites& sites);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_WEIGHTS_H_
