// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_value.h"

#include "runtime/base/ring.h"

namespace mpcc::reference {
namespace {

// Coefficient of each part in the value.
llvm::ArrayRef<int> Signs(mpc::ShareKind kind) {
  static constexpr int kSum[] = {1, 1}, kRss[] = {1, -1, -1}, kOne[] = {1};
  switch (kind) {
    case mpc::ShareKind::rss:
      return kRss;
    case mpc::ShareKind::priv:
      return kOne;
    default:
      return kSum;
  }
}

}  // namespace

Ring Reconstruct(const Components& c) {
  Ring out(ElementCount(c.shape));
  llvm::ArrayRef<int> signs = Signs(c.kind);
  for (size_t p = 0; p < c.parts.size(); ++p)
    for (size_t i = 0; i < out.size(); ++i) out[i] += signs[p] * c.parts[p][i];
  for (uint64_t& x : out) x = Reduce(x, c.width);
  return out;
}

}  // namespace mpcc::reference
