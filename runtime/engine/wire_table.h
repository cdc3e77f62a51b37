// SPDX-License-Identifier: Apache-2.0
// The memory of a program's wires at one party.
#ifndef MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_
#define MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "runtime/base/secure_buffer.h"
#include "runtime/plan/layout.h"

namespace mpcc {

// One buffer per slot, made once; a wire's components are views into its slot.
class WireTable {
 public:
  explicit WireTable(const plan::Program& program);

  uint8_t* Data(uint32_t wire, int component = 0) { return components_[wire][component]; }

 private:
  std::vector<SecureBuffer> slots_;
  std::vector<std::array<uint8_t*, 2>> components_;
};

// Sees every wire as it is written, with its components in lanes (RSS: m, this party's mask
// component; MASK: L1, L2). For tests that compare a run with the reference interpreter: shares
// leave the engine this way only, and no tool sets it.
using WireObserver =
    std::function<void(uint32_t wire, const plan::Wire& info, std::span<const uint8_t> first,
                       std::span<const uint8_t> second)>;

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_WIRE_TABLE_H_
