// SPDX-License-Identifier: Apache-2.0
#include "frontend/limits.h"

#include <bit>

#include "fmt/format.h"

namespace mpcc {

std::optional<int64_t> BoundedCount(llvm::ArrayRef<int64_t> shape, int64_t most) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    if (dim < 0 || dim > most || (dim > 0 && count > most / dim)) return std::nullopt;
    count *= dim;
  }
  return count;
}

std::string TensorLimitText() {
  return fmt::format("at most 2^{} elements in one tensor",
                     std::countr_zero(static_cast<uint64_t>(kMaxTensorElements)));
}

}  // namespace mpcc
