// SPDX-License-Identifier: Apache-2.0
// Between lanes and the packed form of the wire and of material: element i of l bits is bits
// [i*l, (i+1)*l) of the bytes, bit b being bit b%8 of byte b/8. l is the width of the vector.
#ifndef MPCC_RUNTIME_KERNELS_PACK_H_
#define MPCC_RUNTIME_KERNELS_PACK_H_

#include <cstdint>
#include <span>

#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

// Writes exactly PackedBytes(in.size(), l) bytes, the size of out; the padding bits of the last
// byte are zero. `out` must not overlap `in`, except in place when l fills the lane.
void Pack(ConstRingVector in, std::span<uint8_t> out);

// Reads exactly PackedBytes(out.size(), l) bytes; padding bits are ignored. Overlap: as Pack.
void Unpack(std::span<const uint8_t> in, RingVector out);

// out[i] = element elements[i] of the packed vector. The indices steer the addresses, so they must
// be public: positions, or values that were opened.
void UnpackAt(std::span<const uint8_t> in, std::span<const uint64_t> elements, RingVector out);

// Bits [bit_offset, bit_offset + l) of the bytes at p, 1 <= l <= 64. Reads only bytes that hold
// one of these bits (at most 9). For an element that straddles two cipher blocks: put the blocks
// side by side and read at the offset within the first.
uint64_t ReadBits(const uint8_t* p, uint64_t bit_offset, int l);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_PACK_H_
