// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_RUNTIME_BASE_ALIGNMENT_H_
#define MPCC_RUNTIME_BASE_ALIGNMENT_H_

#include <cstdint>

namespace mpcc {

// Of constants in a plan file and of a wire's components in its slot.
inline constexpr uint64_t kVectorAlignment = 64;

constexpr uint64_t AlignUp(uint64_t bytes, uint64_t alignment = kVectorAlignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_ALIGNMENT_H_
