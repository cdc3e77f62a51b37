// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/tensor.h"

#include <cassert>
#include <cstddef>

namespace mpcc::nn {

int64_t ElementCount(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (int64_t extent : shape) count *= extent;
  return count;
}

int64_t Tensor::size() const { return ElementCount(shape); }

std::vector<int64_t> BroadcastStrides(const std::vector<int64_t>& shape,
                                      const std::vector<int64_t>& to) {
  assert(shape.size() <= to.size());
  std::vector<int64_t> strides(to.size(), 0);
  int64_t stride = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    size_t from = shape.size() - 1 - i, at = to.size() - 1 - i;
    if (shape[from] == to[at]) strides[at] = stride;
    stride *= shape[from];
  }
  return strides;
}

}  // namespace mpcc::nn
