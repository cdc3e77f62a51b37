// SPDX-License-Identifier: Apache-2.0
// Extents of row-major tensors, as plans hold them.
#ifndef MPCC_RUNTIME_BASE_SHAPE_H_
#define MPCC_RUNTIME_BASE_SHAPE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mpcc {

using Shape = std::vector<uint32_t>;
using ShapeView = std::span<const uint32_t>;

// The product of the extents, 1 without any. REQUIRES: it fits 64 bits.
constexpr uint64_t ElementCount(ShapeView shape) {
  uint64_t count = 1;
  for (uint32_t extent : shape) count *= extent;
  return count;
}

// numpy's broadcast of two shapes; nullopt when they do not fit.
std::optional<Shape> BroadcastShape(ShapeView a, ShapeView b);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_SHAPE_H_
