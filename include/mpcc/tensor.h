// SPDX-License-Identifier: Apache-2.0
// Named plaintext tensors: what the data owner puts in and gets out.
#ifndef MPCC_TENSOR_H_
#define MPCC_TENSOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace mpcc {

// Row-major elements, F32 or I64, as many as the product of the extents.
struct Tensor {
  std::vector<uint32_t> shape;
  std::variant<std::vector<float>, std::vector<int64_t>> values;
};

using NamedTensors = std::map<std::string, Tensor>;

}  // namespace mpcc

#endif  // MPCC_TENSOR_H_
