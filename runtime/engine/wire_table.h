// SPDX-License-Identifier: Apache-2.0
// The memory of a program's wires at one party.
#ifndef MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_
#define MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/base/bit_vector.h"
#include "runtime/base/ring_vector.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/plan_file.h"

namespace mpcc::engine {

// The elements of a constant, those of F32 and I64 as vectors of 32 and 64 bits.
ConstRingVector ConstantOf(const LoadedPlan& plan, uint32_t index);

// One buffer per slot, made once; a wire's components are views into its slot, those of F32 and I64
// as vectors of 32 and 64 bits. The wire of a LOCAL_CONSTANT is a view of the plan, which outlives
// the table.
class WireTable {
 public:
  WireTable(const LoadedPlan& plan, const plan::Program& program);

  // Bits lie packed, unless they are a constant, and all else in lanes: a wire has one of two
  // views.
  bool IsPacked(uint32_t wire) const { return !bits_[wire][0].empty(); }
  ConstRingVector Read(uint32_t wire, int component = 0) const { return read_[wire][component]; }
  // Empty for constants, which are in lanes whatever their width.
  RingVector Write(uint32_t wire, int component = 0) { return written_[wire][component]; }
  BitVector Bits(uint32_t wire, int component = 0) const { return bits_[wire][component]; }

  uint64_t bytes() const;

 private:
  std::vector<SecureBuffer> slots_;
  std::vector<std::array<RingVector, 2>> written_;
  std::vector<std::array<ConstRingVector, 2>> read_;
  std::vector<std::array<BitVector, 2>> bits_;
};

// Sees every wire as it is written, with its components in lanes (RSS: m, this party's mask
// component; MASK: L1, L2; the second empty for others). For tests that compare a run with the
// reference interpreter: shares leave the engine this way only, and no tool sets it.
using WireObserver =
    std::function<void(uint32_t wire, const plan::Wire& info, std::span<const uint8_t> first,
                       std::span<const uint8_t> second)>;

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_
