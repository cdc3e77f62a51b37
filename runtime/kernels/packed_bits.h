// SPDX-License-Identifier: Apache-2.0
// Arithmetic modulo 2 on packed vectors (base/bit_vector.h), 64 elements at a time, and the way
// between them and lanes. Operands have the size of the result, and may begin at any bit; an output
// may be exactly an input. No branch and no address depends on the value of an element.
#ifndef MPCC_RUNTIME_KERNELS_PACKED_BITS_H_
#define MPCC_RUNTIME_KERNELS_PACKED_BITS_H_

#include <span>

#include "runtime/base/bit_vector.h"
#include "runtime/kernels/lane.h"

namespace mpcc::kernels {

void Copy(ConstBitVector in, BitVector out);
void Add(ConstBitVector a, ConstBitVector b, BitVector out);
void Mul(ConstBitVector a, ConstBitVector b, BitVector out);

// Each element a lane of 0 or 1, of any width; and back, from lanes of width 1.
void Unpack(ConstBitVector in, RingVector out);
void Pack(ConstRingVector in, BitVector out);

// Writes exactly PackedBytes(in.size(), 1) bytes, the size of out; the padding bits of the last
// byte are zero. And back: they are ignored.
void Pack(ConstBitVector in, std::span<uint8_t> out);
void Unpack(std::span<const uint8_t> in, BitVector out);

// out = a - out, out packed as by Pack and the keystream before: P2's correction of a dealt vector.
void SubPacked(ConstBitVector a, std::span<uint8_t> out);

}  // namespace mpcc::kernels

#endif  // MPCC_RUNTIME_KERNELS_PACKED_BITS_H_
