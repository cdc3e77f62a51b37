// SPDX-License-Identifier: Apache-2.0
// How wires and constants lie in memory.
#ifndef MPCC_RUNTIME_PLAN_LAYOUT_H_
#define MPCC_RUNTIME_PLAN_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "runtime/base/alignment.h"
#include "runtime/base/shape.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// Extents of a shape field, without a copy.
ShapeView ShapeOf(const plan::Wire& wire);
ShapeView ShapeOf(const plan::Constant& constant);
ShapeView ShapeOf(const plan::SharedConstant& shared);

// Parameters of a step, without a copy.
std::span<const int64_t> IntsOf(const plan::Step& step);

uint64_t ElementCount(const plan::Wire& wire);

// Bytes of one element: the lane of a ring of `width` bits, 4 for F32, 8 for I64.
uint64_t ElementBytes(plan::ElementType type, uint32_t width);

// Vectors that a wire consists of: 2 for RSS (m, mask component) and MASK (both components),
// else 1.
int Components(plan::WireKind kind);

// Whether the elements of a wire are bits. They lie packed (base/bit_vector.h), all others in
// lanes; a constant's lie in the plan, in lanes whatever their width.
bool HoldsBits(const plan::Wire& wire);

// Bytes of one component of a wire.
uint64_t VectorBytes(const plan::Wire& wire);
// Bytes from one component of a wire to the next, a multiple of 64.
uint64_t ComponentBytes(const plan::Wire& wire);
// What a wire needs of its slot.
uint64_t WireBytes(const plan::Wire& wire);

// Bytes of memory that a run has for each slot: none where all wires are constants, which lie in
// the plan.
std::vector<uint64_t> SlotMemory(const plan::Program& program);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_LAYOUT_H_
