// SPDX-License-Identifier: Apache-2.0
// The product of two matrices of real numbers.
#ifndef MPCC_RUNTIME_PLAIN_PRODUCT_H_
#define MPCC_RUNTIME_PLAIN_PRODUCT_H_

#include <cstdint>
#include <span>

namespace mpcc::plain {

// c[M, N] += a[M, K] b[K, N], row-major. Sums over 128 terms are taken in float, in order, each
// product rounded before it is added: exact for integers of up to 8 bits, and the same on every
// instruction set. Totals are taken in double.
void AccumulateProduct(const float* a, const float* b, std::span<double> c, int64_t m, int64_t k);

// out[cols, rows] = in[rows, cols] transposed.
void TransposeMatrix(const float* in, float* out, int64_t rows, int64_t cols);

}  // namespace mpcc::plain

#endif  // MPCC_RUNTIME_PLAIN_PRODUCT_H_
