// SPDX-License-Identifier: Apache-2.0
// The element types of every kernel in this folder.
//
// Common obligations of all kernels, since none checks bounds:
//  - a vector over Z_2^l lies in lanes T with 8*sizeof(T) >= l, reduced: bits above l are zero.
//  Every
//    result is reduced again;
//  - sizes are >= 0 and pointers have the alignment of T, no more;
//  - an output may be exactly an input of the same lane type (in place) where a header does not
//    refuse it; partial overlap is never allowed;
//  - no branch and no address depends on the value of an element, except where a header says so.
// All functions are thread-safe. They pick the best instruction set of the machine at run time.
#ifndef MPCC_RUNTIME_KERNELS_LANE_H_
#define MPCC_RUNTIME_KERNELS_LANE_H_

#include <concepts>
#include <cstdint>

namespace mpcc::kernels {

template <typename T>
concept LaneType = std::same_as<T, uint8_t> || std::same_as<T, uint16_t> ||
    std::same_as<T, uint32_t> || std::same_as<T, uint64_t>;

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_LANE_H_
