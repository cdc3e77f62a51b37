// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/shape.h"

#include <utility>

namespace mpcc {

std::optional<Shape> BroadcastShape(ShapeView a, ShapeView b) {
  if (a.size() < b.size()) std::swap(a, b);
  Shape result(a.begin(), a.end());
  const size_t skip = a.size() - b.size();
  for (size_t i = 0; i < b.size(); ++i) {
    uint32_t& extent = result[skip + i];
    if (extent != b[i] && extent != 1 && b[i] != 1) return std::nullopt;
    extent = extent == 1 ? b[i] : extent;
  }
  return result;
}

}  // namespace mpcc
