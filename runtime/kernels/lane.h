// SPDX-License-Identifier: Apache-2.0
// What every kernel of this folder asks for.
//
// Vectors over Z_2^l come as RingVector (base/ring_vector.h), whose width tells the lanes' type, or
// packed (base/bit_vector.h). Common obligations, asserted where they are cheap to see:
//  - values are reduced: bits above l are zero. Every result is reduced again;
//  - vectors have the sizes that a header says, and the widths: where it says nothing, all
//    operands have the width of the result;
//  - an output may be exactly an input of the same lane type (in place) where a header does not
//    refuse it; partial overlap is never allowed;
//  - no branch and no address depends on the value of an element, except where a header says so.
// All functions are thread-safe. They pick the best instruction set of the machine at run time.
#ifndef MPCC_RUNTIME_KERNELS_LANE_H_
#define MPCC_RUNTIME_KERNELS_LANE_H_

#include <concepts>
#include <cstdint>

#include "runtime/base/ring_vector.h"

namespace mpcc::kernels {

template <typename T>
concept LaneType = std::same_as<T, uint8_t> || std::same_as<T, uint16_t> ||
    std::same_as<T, uint32_t> || std::same_as<T, uint64_t>;

// The lane type of a span that VisitLanes gives.
template <typename Span>
using LaneOf = std::remove_const_t<typename Span::element_type>;

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_LANE_H_
