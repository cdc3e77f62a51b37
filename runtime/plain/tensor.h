// SPDX-License-Identifier: Apache-2.0
// Forms of plaintext tensors, and walks over their elements.
#ifndef MPCC_RUNTIME_PLAIN_TENSOR_H_
#define MPCC_RUNTIME_PLAIN_TENSOR_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace mpcc::plain {

using Shape = std::vector<int64_t>;

// kI64 holds all integers and truth values (0 or 1). kI32 holds the storage integers of quantized
// constants; operators that only move elements take it, and no plan has it.
enum class Type { kF32, kI64, kI32 };

struct Form {
  Type type = Type::kF32;
  Shape shape;
  bool operator==(const Form&) const = default;
};

// Product of the extents; nothing if one is negative or the product exceeds 2^40.
std::optional<int64_t> BoundedCount(const Shape& shape);
// The same for a shape that is known to be good.
int64_t Count(const Shape& shape);

// numpy's broadcast of two shapes; nothing if they do not fit.
std::optional<Shape> Broadcast(const Shape& a, const Shape& b);

// Row-major strides, in elements.
Shape Strides(const Shape& shape);
// The same seen from the shape `to` that `shape` broadcasts to: 0 where a dimension is repeated.
Shape BroadcastStrides(const Shape& shape, const Shape& to);

// Calls body(i, at) for each element i of `shape` in row-major order, where at[k] is start[k] plus
// the sum of index times strides[k].
template <size_t N, typename Body>
void Walk(const Shape& shape, const std::array<Shape, N>& strides, std::array<int64_t, N> at,
          const Body& body) {
  const int64_t count = Count(shape);
  Shape index(shape.size(), 0);
  for (int64_t i = 0; i < count; ++i) {
    body(i, at);
    for (size_t d = shape.size(); d-- > 0;) {
      for (size_t k = 0; k < N; ++k) at[k] += strides[k][d];
      if (++index[d] < shape[d]) break;
      for (size_t k = 0; k < N; ++k) at[k] -= strides[k][d] * shape[d];
      index[d] = 0;
    }
  }
}

// A tensor seen as [outer, extent, inner] around one axis.
struct AroundAxis {
  int64_t outer = 1, extent = 1, inner = 1;
  AroundAxis(const Shape& shape, int64_t axis);
};

}  // namespace mpcc::plain

#endif  // MPCC_RUNTIME_PLAIN_TENSOR_H_
