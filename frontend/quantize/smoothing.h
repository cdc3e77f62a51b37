// SPDX-License-Identifier: Apache-2.0
// Moves outlier channels from activations into weights.
//
// x W = (x / s) (s W) for any positive s per channel. With s = max|x|^a / max|W|^(1-a) no channel
// of x / s sticks out, so that one 8-bit scale serves them all (SmoothQuant, Xiao et al., arXiv
// 2211.10438, section 4.1). The division is a Mul with a constant row before the quantizer.
#ifndef MPCC_FRONTEND_QUANTIZE_SMOOTHING_H_
#define MPCC_FRONTEND_QUANTIZE_SMOOTHING_H_

#include "frontend/quantize/collect.h"
#include "frontend/quantize/weights.h"

namespace mpcc::quantize {

// Factors of the columns of an activation, by tensor: 1 / s.
using Smoothing = std::map<std::string, std::vector<float>>;

// Decides by the graph which activations are smoothed: those of float linear layers alone whose
// columns take factors. What comes from attention takes none; it averages, and has no outliers.
// Multiplies the weights, in place.
// Layers that share an activation or a weight share s.
Smoothing Smooth(const Sites& sites, const Values& values, Weights& weights);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_SMOOTHING_H_
