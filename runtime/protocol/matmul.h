// SPDX-License-Identifier: Apache-2.0
// Products of two RSS tensors, for no message: ma*mb - ma*Lb - La*mb + La*Lb, the last term dealt.
// docs/protocol.md, "Products".
#ifndef MPCC_RUNTIME_PROTOCOL_MATMUL_H_
#define MPCC_RUNTIME_PROTOCOL_MATMUL_H_

#include <cstdint>

#include "runtime/protocol/dealt_vector.h"

namespace mpcc {

// An RSS wire at P1 or P2, in lanes.
struct Rss {
  const uint8_t* m = nullptr;
  const uint8_t* mask = nullptr;
};

// `batch` products a[m, k] * b[k, n], b as [n, k] with transpose_b, over Z_2^width.
struct MatMulShape {
  int64_t batch, m, n, k;
  bool transpose_b;
  int width;
};

void EvaluateMatMul(EvalContext& context, const MatMulShape& shape, const Rss& a, const Rss& b,
                    const Dealt& dealt, uint8_t* out);
void DealMatMul(DealContext& context, const MatMulShape& shape, const MaskPair& a,
                const MaskPair& b, uint32_t stream, uint8_t* correction);

// Row-wise dot products: a[rows, k] . b[rows, k] -> [rows].
void EvaluateDot(EvalContext& context, int64_t rows, int64_t k, int width, const Rss& a,
                 const Rss& b, const Dealt& dealt, uint8_t* out);
void DealDot(DealContext& context, int64_t rows, int64_t k, int width, const MaskPair& a,
             const MaskPair& b, uint32_t stream, uint8_t* correction);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PROTOCOL_MATMUL_H_
