// SPDX-License-Identifier: Apache-2.0
// Elementwise operations whose second operand broadcasts by numpy's rules.
#ifndef MPCC_RUNTIME_PROTOCOL_BROADCAST_H_
#define MPCC_RUNTIME_PROTOCOL_BROADCAST_H_

#include <optional>

#include "runtime/base/ring_vector.h"
#include "runtime/base/shape.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/protocol/arena.h"

namespace mpcc::protocol {

// A row-major tensor in lanes; `values` has as many elements as `shape`.
struct RingTensor {
  ConstRingVector values;
  ShapeView shape;
};

// How b covers a as the kernels know it, or nothing when it needs a full copy (as [2, 1, 3] over
// [2, 4, 3]). REQUIRES: b broadcasts to a.
std::optional<kernels::Broadcast> KernelBroadcast(ShapeView a, ShapeView b);

// out[shape] = in broadcast to `shape`.
void BroadcastTo(const RingTensor& in, ShapeView shape, RingVector out);

// kernels::Add and its like.
using BinaryKernel = void (*)(ConstRingVector a, ConstRingVector b, kernels::Broadcast how,
                              RingVector out);

// out = kernel(a, b) with b broadcast to the shape of a.
void Broadcasted(BinaryKernel kernel, const RingTensor& a, const RingTensor& b, Arena& arena,
                 RingVector out);

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_BROADCAST_H_
