// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_QUANTIZE_INSERT_QUANTIZERS_H_
#define MPCC_FRONTEND_QUANTIZE_INSERT_QUANTIZERS_H_

#include "frontend/quantize/collect.h"
#include "frontend/quantize/smoothing.h"
#include "frontend/quantize/weights.h"

namespace mpcc::quantize {

// Puts QuantizeLinear and DequantizeLinear between each site and the products that read it, behind
// a Mul where it is smoothed, and int8 initializers with DequantizeLinear in place of the weights.
void InsertQuantizers(GraphRewriter& graph, const Sites& sites, const Values& values,
                      const Smoothing& smoothing, const Weights& weights);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_INSERT_QUANTIZERS_H_
