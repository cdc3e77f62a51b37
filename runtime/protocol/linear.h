// SPDX-License-Identifier: Apache-2.0
// linear: RSS x [rows, k] times a private W [k, n] plus a private bias, for no message: W lies at
// P1 and P2 as additive shares from set-up on, and bias - L*W is dealt. docs/protocol.md, "Linear
// layers".
#ifndef MPCC_RUNTIME_PROTOCOL_LINEAR_H_
#define MPCC_RUNTIME_PROTOCOL_LINEAR_H_

#include "runtime/kernels/gemm.h"
#include "runtime/protocol/dealt_vector.h"

namespace mpcc::protocol {

// out[rows, n] = m * W_i + c_i, for the share W_i of the weight.
void EvaluateLinear(EvalContext& context, const kernels::PackedMatrix& share, ConstRingVector m,
                    const Dealt& dealt, RingVector out);

// Deals bias - L*W; an empty bias is zero, else it has n elements.
void DealLinear(DealContext& context, const kernels::PackedMatrix& weight, ConstRingVector bias,
                const MaskPair& mask, const DealTarget& target);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_LINEAR_H_
