// SPDX-License-Identifier: Apache-2.0
#include "runtime/plain/tensor.h"

#include <algorithm>

namespace mpcc::plain {
namespace {

constexpr int64_t kMaxElements = int64_t{1} << 40;

}  // namespace

std::optional<int64_t> BoundedCount(const Shape& shape) {
  const bool empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    if (empty) continue;
    if (count > kMaxElements / extent) return std::nullopt;
    count *= extent;
  }
  return empty ? 0 : count;
}

int64_t Count(const Shape& shape) {
  int64_t count = 1;
  for (int64_t extent : shape) count *= extent;
  return count;
}

std::optional<Shape> Broadcast(const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()));
  for (size_t i = 0; i < out.size(); ++i) {
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    out[out.size() - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

Shape Strides(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

Shape BroadcastStrides(const Shape& shape, const Shape& to) {
  const Shape own = Strides(shape);
  Shape strides(to.size(), 0);
  const size_t lead = to.size() - shape.size();
  for (size_t d = 0; d < shape.size(); ++d)
    if (shape[d] == to[lead + d]) strides[lead + d] = own[d];
  return strides;
}

AroundAxis::AroundAxis(const Shape& shape, int64_t axis) {
  for (size_t d = 0; d < shape.size(); ++d) {
    int64_t& part = static_cast<int64_t>(d) < axis   ? outer
                    : static_cast<int64_t>(d) > axis ? inner
                                                     : extent;
    part *= shape[d];
  }
}

}  // namespace mpcc::plain
