// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/linear.h"

#include <algorithm>

namespace mpcc::protocol {

using kernels::Update;

void EvaluateLinear(EvalContext& context, const kernels::PackedMatrix& share, ConstRingVector m,
                    const Dealt& dealt, RingVector out) {
  LoadDealt(context, dealt, out);
  kernels::Gemm(m, share, Update::kAdd, out, context.workers());
}

void DealLinear(DealContext& context, const kernels::PackedMatrix& weight, ConstRingVector bias,
                const MaskPair& mask, const DealTarget& target) {
  const RingVector whole = WholeMask(context, mask);
  const uint64_t n = weight.n(), rows = whole.size() / weight.k();
  const RingVector value = context.arena.TakeVector(rows * n, weight.width());
  if (bias.empty()) std::ranges::fill(value.bytes(), uint8_t{0});
  for (uint64_t r = 0; r < rows && !bias.empty(); ++r)
    std::ranges::copy(bias.bytes(), value.Slice(r * n, n).bytes().begin());
  kernels::Gemm(whole, weight, Update::kSubtract, value, context.workers());
  DealVector(context, value, target);
}

}  // namespace mpcc::protocol
