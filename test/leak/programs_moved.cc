// SPDX-License-Identifier: Apache-2.0
// Local operations that move elements, sum them up or join rings.
#include "test/leak/programs.h"

namespace mpcc::leak {
namespace {

// The element of the operand that comes to each element of a result, -1 where it is more than one.
std::vector<int> SourcesOf(mlir::Operation* op, const Wire& in, const Wire& out) {
  std::vector<int> from(out.count);
  auto slice = llvm::dyn_cast<mpc::SliceOp>(op);
  auto transpose = llvm::dyn_cast<mpc::TransposeOp>(op);
  for (size_t i = 0; i < out.count; ++i) {
    if (!slice && !transpose) {
      from[i] = static_cast<int>(i);
      continue;
    }
    llvm::SmallVector<int64_t> at(in.shape.size());
    auto rest = static_cast<int64_t>(i);
    for (size_t d = out.shape.size(); d-- > 0; rest /= out.shape[d]) {
      if (slice)
        at[d] = rest % out.shape[d] + slice.getOffsets()[d];
      else
        at[transpose.getPerm()[d]] = rest % out.shape[d];
    }
    for (size_t d = 0; d < at.size(); ++d)
      from[i] = from[i] * static_cast<int>(in.shape[d]) + static_cast<int>(at[d]);
  }
  return from;
}

}  // namespace

absl::Status Programs::AddMoved(mlir::Operation* op) {
  const Wire in = Of(op->getOperand(0)), out = wires_.lookup(op->getResult(0));
  if (llvm::isa<mpc::RowSumOp>(op)) {
    Do([=, row = in.shape.back()](Machine& m) {
      for (int p = 0; p < 4; ++p) {
        Elements sums{};
        for (size_t i = 0; i < in.count; ++i) sums[i / row] += m.values[in.at][p][i];
        for (size_t i = 0; i < out.count; ++i) m.values[out.at][p][i] = sums[i] & out.mask();
      }
    });
    return absl::OkStatus();
  }
  if (!llvm::isa<mpc::ReshapeOp, mpc::ResizeOp, mpc::SliceOp, mpc::TransposeOp>(op))
    return Invalid("an operation that the oracle does not know");
  Do([=, from = SourcesOf(op, in, out)](Machine& m) {
    for (int p = 0; p < 4; ++p)
      for (size_t i = 0; i < out.count; ++i)
        m.values[out.at][p][i] = m.values[in.at][p][from[i]] & out.mask();
  });
  return absl::OkStatus();
}

absl::Status Programs::AddJoin(mpc::JoinOp op) {
  const Wire low = Of(op.getLow()), wraps = Of(op.getWraps()), out = wires_.lookup(op.getResult());
  Do([=](Machine& m) {
    for (int p = 0; p < 4; ++p)
      for (size_t i = 0; i < out.count; ++i)
        m.values[out.at][p][i] =
            (m.values[low.at][p][i] + (m.values[wraps.at][p][i] << low.width)) & out.mask();
  });
  return absl::OkStatus();
}

}  // namespace mpcc::leak
