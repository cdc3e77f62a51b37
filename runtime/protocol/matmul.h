// SPDX-License-Identifier: Apache-2.0
// Products of two RSS tensors, for no message: ma*mb - ma*Lb - La*mb + La*Lb, the last term dealt.
// docs/protocol.md, "Products".
#ifndef MPCC_RUNTIME_PROTOCOL_MATMUL_H_
#define MPCC_RUNTIME_PROTOCOL_MATMUL_H_

#include "runtime/kernels/gemm.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

void EvaluateMatMul(EvalContext& context, const kernels::MatMulShape& shape, const Rss& a,
                    const Rss& b, const Dealt& dealt, RingVector out);
void DealMatMul(DealContext& context, const kernels::MatMulShape& shape, const MaskPair& a,
                const MaskPair& b, const DealTarget& target);

// Row-wise dot products: a[rows, k] . b[rows, k] -> [rows].
void EvaluateDot(EvalContext& context, const Rss& a, const Rss& b, const Dealt& dealt,
                 RingVector out);
void DealDot(DealContext& context, int64_t rows, const MaskPair& a, const MaskPair& b,
             const DealTarget& target);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_MATMUL_H_
