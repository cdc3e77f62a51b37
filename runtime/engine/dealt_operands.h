// SPDX-License-Identifier: Apache-2.0
// What dealing and evaluating a dealt operation have in common: its shapes, prepared once and the
// same at every party, and its operands as the protocol wants them.
#ifndef MPCC_RUNTIME_ENGINE_DEALT_OPERANDS_H_
#define MPCC_RUNTIME_ENGINE_DEALT_OPERANDS_H_

#include "runtime/engine/step.h"
#include "runtime/kernels/gemm.h"
#include "runtime/kernels/table.h"

namespace mpcc::engine {

// States of MATMUL (kernels::MatMulShape), PRODUCT (protocol::ProductShape), READ_BITS
// (protocol::BitReader) and FROM_BITS (protocol::BitSum).
std::any PrepareMatMul(const StepSite& site);
std::any PrepareProduct(const StepSite& site);
std::any PrepareReadBits(const StepSite& site);
std::any PrepareFromBits(const StepSite& site);

// All dealt vectors of a step, at P1 and P2, and at P0.
std::vector<protocol::Dealt> AllDealt(const StepContext& s);
std::vector<protocol::DealTarget> AllTargets(const StepContext& s);

// The bits of inputs[0] that a LUT looks at.
kernels::IndexWindow WindowOf(const StepContext& s);

// Component `c` of inputs[1] with one element for each of inputs[0]; a copy in the arena only if it
// is smaller.
ConstRingVector SpreadSecond(const StepContext& s, int c);

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_DEALT_OPERANDS_H_
