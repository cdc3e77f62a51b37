// SPDX-License-Identifier: Apache-2.0
// The values that the nn interpreter computes with.
#ifndef MPCC_IR_REFERENCE_TENSOR_H_
#define MPCC_IR_REFERENCE_TENSOR_H_

#include <cstdint>
#include <variant>
#include <vector>

namespace mpcc::nn {

// A dense row-major tensor. The alternative in use follows the nn element type:
// f32 -> float, i64 and i1 (0 or 1) -> int64_t, quantized -> int32_t storage integers.
struct Tensor {
  using Floats = std::vector<float>;
  using Ints = std::vector<int64_t>;
  using Stored = std::vector<int32_t>;

  std::vector<int64_t> shape;
  std::variant<Floats, Ints, Stored> data;

  int64_t size() const;
  const Floats& floats() const { return std::get<Floats>(data); }
  const Ints& ints() const { return std::get<Ints>(data); }
  const Stored& stored() const { return std::get<Stored>(data); }
  bool is_float() const { return std::holds_alternative<Floats>(data); }
  bool is_int() const { return std::holds_alternative<Ints>(data); }
  bool is_stored() const { return std::holds_alternative<Stored>(data); }
};

int64_t ElementCount(const std::vector<int64_t>& shape);

// Row-major strides of `shape` seen from the broadcast shape `to`: 0 where a dimension is repeated.
std::vector<int64_t> BroadcastStrides(const std::vector<int64_t>& shape,
                                      const std::vector<int64_t>& to);

// Calls body(i, offset) for each element i of `shape` in row-major order, with `offset` = start
// plus the sum of index times stride.
template <typename Body>
void ForEachOffset(const std::vector<int64_t>& shape, const std::vector<int64_t>& strides,
                   int64_t start, const Body& body) {
  const int64_t count = ElementCount(shape);
  const int rank = static_cast<int>(shape.size());
  std::vector<int64_t> index(shape.size(), 0);
  int64_t offset = start;
  for (int64_t i = 0; i < count; ++i) {
    body(i, offset);
    for (int d = rank - 1; d >= 0; --d) {
      offset += strides[d];
      if (++index[d] < shape[d]) break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

}  // namespace mpcc::nn

#endif  // MPCC_IR_REFERENCE_TENSOR_H_
