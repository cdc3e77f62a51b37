// SPDX-License-Identifier: Apache-2.0
// The quantization of values of which a sample is known: the clipping that loses least in mean
// square.
#ifndef MPCC_FRONTEND_QUANTIZE_SCALES_H_
#define MPCC_FRONTEND_QUANTIZE_SCALES_H_

#include <cstdint>
#include <vector>

namespace mpcc::quantize {

struct Scale {
  float scale = 1;
  int64_t zero = 0;
};

// Unsigned integers of `bits` with a zero point; the range holds 0. An empty sample, or one of
// zeros, gives scale 1.
Scale AffineScale(std::vector<float> sample, int bits = 8);
// Signed integers of `bits` around 0.
Scale SymmetricScale(std::vector<float> sample, int bits = 8);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_SCALES_H_
