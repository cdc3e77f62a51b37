// SPDX-License-Identifier: Apache-2.0
// How values of some tokens lie in a tensor of more.
#ifndef MPCC_RUNTIME_BASE_TOKEN_PADDING_H_
#define MPCC_RUNTIME_BASE_TOKEN_PADDING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mpcc {

// Elements of a tensor of that shape when its extents of `length` are `tokens`.
inline int64_t CountOfTokens(const std::vector<int64_t>& shape, int64_t length, int64_t tokens) {
  int64_t count = 1;
  for (int64_t extent : shape) count *= extent == length ? tokens : extent;
  return count;
}

// Lays out CountOfTokens(shape, length, tokens) values in the whole shape, `pad` between them.
template <typename T>
std::vector<T> PadTokens(const std::vector<T>& values, const std::vector<int64_t>& shape,
                         int64_t length, int64_t tokens, T pad) {
  std::vector<T> padded(CountOfTokens(shape, length, length), pad);
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t rest = static_cast<int64_t>(i), place = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0;) {
      const int64_t extent = shape[d] == length ? tokens : shape[d];
      place += rest % extent * stride;
      rest /= extent;
      stride *= shape[d];
    }
    padded[place] = values[i];
  }
  return padded;
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_TOKEN_PADDING_H_
