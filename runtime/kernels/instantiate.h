// SPDX-License-Identifier: Apache-2.0
// Lists of lane types for the explicit instantiations of this folder's sources. Not for users.
#ifndef MPCC_RUNTIME_KERNELS_INSTANTIATE_H_
#define MPCC_RUNTIME_KERNELS_INSTANTIATE_H_

#include <cstdint>

// X(T) for every lane type.
#define MPCC_FOR_EACH_LANE(X) X(uint8_t) X(uint16_t) X(uint32_t) X(uint64_t)

// X(S, T) for every pair of lane types.
#define MPCC_FOR_EACH_LANE_WITH(X, S) X(S, uint8_t) X(S, uint16_t) X(S, uint32_t) X(S, uint64_t)
#define MPCC_FOR_EACH_LANE_PAIR(X)     \
  MPCC_FOR_EACH_LANE_WITH(X, uint8_t)  \
  MPCC_FOR_EACH_LANE_WITH(X, uint16_t) \
  MPCC_FOR_EACH_LANE_WITH(X, uint32_t) MPCC_FOR_EACH_LANE_WITH(X, uint64_t)

#endif  // MPCC_RUNTIME_KERNELS_INSTANTIATE_H_
