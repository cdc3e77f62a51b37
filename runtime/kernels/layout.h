// SPDX-License-Identifier: Apache-2.0
// Structural copies: transpose, slice, concatenation and broadcast are all one strided copy.
#ifndef MPCC_RUNTIME_KERNELS_LAYOUT_H_
#define MPCC_RUNTIME_KERNELS_LAYOUT_H_

#include <cstdint>
#include <span>

#include "runtime/base/bit_vector.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

inline constexpr int kMaxRank = 6;

// out[sum i_d * out_strides[d]] = in[sum i_d * in_strides[d]] for every index i below `shape`.
// Strides count elements; an input stride of 0 repeats. The three spans have the same size, at most
// kMaxRank. in and out must not overlap.
void CopyStrided(ConstRingVector in, std::span<const int64_t> shape,
                 std::span<const int64_t> in_strides, RingVector out,
                 std::span<const int64_t> out_strides);

// The same of packed bits.
void CopyStrided(ConstBitVector in, std::span<const int64_t> shape,
                 std::span<const int64_t> in_strides, BitVector out,
                 std::span<const int64_t> out_strides);

// numpy's transpose: out is dense with shape[perm[d]] as dimension d.
void Transpose(ConstRingVector in, std::span<const int64_t> shape, std::span<const int64_t> perm,
               RingVector out);
void Transpose(ConstBitVector in, std::span<const int64_t> shape, std::span<const int64_t> perm,
               BitVector out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_LAYOUT_H_
