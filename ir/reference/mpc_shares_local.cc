// SPDX-License-Identifier: Apache-2.0
// Ops that every party computes on its own components alone, the same for each.
#include "ir/reference/mpc_shares.h"
#include "runtime/base/ring.h"

namespace mpcc::reference {
namespace {

// Result components = fn of the operand's, one by one.
template <typename Op, typename Fn>
absl::Status Componentwise(ShareFrame& f, Op op, Fn fn) {
  std::vector<Ring> parts;
  for (const Ring& part : f.Get(op.getInput()).parts) parts.push_back(fn(part));
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

template <typename Op, typename Fn>
absl::Status Broadcasting(ShareFrame& f, Op op, Fn fn) {
  const Components& lhs = f.Get(op.getLhs());
  const Components& rhs = f.Get(op.getRhs());
  const Offsets offsets = BroadcastOffsets(rhs.shape, lhs.shape);
  std::vector<Ring> parts;
  for (size_t p = 0; p < lhs.parts.size(); ++p)
    parts.push_back(fn(lhs.parts[p], Pick(rhs.parts[p], offsets)));
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

absl::Status RunAdd(ShareFrame& f, mpc::AddOp op) { return Broadcasting(f, op, Add<uint64_t>); }
absl::Status RunSub(ShareFrame& f, mpc::SubOp op) { return Broadcasting(f, op, Sub<uint64_t>); }

// Only one component moves: a1, or m. A mask does not.
absl::Status RunAddPublic(ShareFrame& f, mpc::AddPublicOp op) {
  const Components& in = f.Get(op.getInput());
  std::vector<Ring> parts = in.parts;
  if (in.kind != mpc::ShareKind::mask)
    for (uint64_t& x : parts[0]) x += op.getValue();
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

absl::Status RunMulPublic(ShareFrame& f, mpc::MulPublicOp op) {
  const uint64_t factor = op.getValue();
  return Componentwise(
      f, op, [&](const Ring& x) { return Map(x, [&](uint64_t e) { return e * factor; }); });
}

absl::Status RunRowSum(ShareFrame& f, mpc::RowSumOp op) {
  const size_t extent = f.Get(op.getInput()).shape.back();
  return Componentwise(f, op, [&](const Ring& x) { return RowSum(x, extent); });
}

absl::Status RunReshape(ShareFrame& f, mpc::ReshapeOp op) {
  return Componentwise(f, op, [](const Ring& x) { return x; });
}

absl::Status RunTranspose(ShareFrame& f, mpc::TransposeOp op) {
  const Offsets offsets = TransposeOffsets(f.Get(op.getInput()).shape, op.getPerm());
  return Componentwise(f, op, [&](const Ring& x) { return Pick(x, offsets); });
}

absl::Status RunSlice(ShareFrame& f, mpc::SliceOp op) {
  auto type = llvm::cast<mpc::ShareType>(op.getResult().getType());
  const Offsets offsets =
      SliceOffsets(f.Get(op.getInput()).shape, op.getOffsets(), type.getShape());
  return Componentwise(f, op, [&](const Ring& x) { return Pick(x, offsets); });
}

absl::Status RunConcat(ShareFrame& f, mpc::ConcatOp op) {
  std::vector<size_t> runs;
  for (mlir::Value input : op.getInputs())
    runs.push_back(ElementCount(ShapeRef(f.Get(input).shape).drop_front(op.getAxis())));
  std::vector<Ring> parts;
  for (size_t p = 0; p < f.Get(op.getInputs()[0]).parts.size(); ++p) {
    std::vector<const Ring*> inputs;
    for (mlir::Value input : op.getInputs()) inputs.push_back(&f.Get(input).parts[p]);
    parts.push_back(Concat<uint64_t>(inputs, runs));
  }
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

absl::Status RunResize(ShareFrame& f, mpc::ResizeOp op) {
  return Componentwise(f, op, [](const Ring& x) { return x; });  // Set reduces
}

// P1's share is rounded up and P2's down: exact for multiples, else one of the neighbours.
absl::Status RunExtract(ShareFrame& f, mpc::ExtractOp op) {
  const Components& in = f.Get(op.getInput());
  const int shift = in.width - llvm::cast<mpc::ShareType>(op.getResult().getType()).getWidth();
  std::vector<Ring> parts = in.parts;
  if (shift > 0) {
    parts[0] =
        Map(in.parts[0], [&](uint64_t x) { return Reduce(x + Mask(shift), in.width) >> shift; });
    parts[1] = Map(in.parts[1], [&](uint64_t x) { return x >> shift; });
  }
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

// x = mx - Lx1 - Lx2 + 2^k z over the integers, so each component of z weighs 2^k.
absl::Status RunJoin(ShareFrame& f, mpc::JoinOp op) {
  const Components& low = f.Get(op.getLow());
  const Components& wraps = f.Get(op.getWraps());
  std::vector<Ring> parts;
  for (size_t p = 0; p < low.parts.size(); ++p)
    parts.push_back(Zip(low.parts[p], wraps.parts[p],
                        [&](uint64_t x, uint64_t z) { return x + (z << low.width); }));
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

}  // namespace

std::span<const ShareRow> ShareLocalOps() {
  static constexpr ShareRow kRows[] = {
      ShareRowOf<mpc::AddOp, RunAdd>(),
      ShareRowOf<mpc::SubOp, RunSub>(),
      ShareRowOf<mpc::AddPublicOp, RunAddPublic>(),
      ShareRowOf<mpc::MulPublicOp, RunMulPublic>(),
      ShareRowOf<mpc::RowSumOp, RunRowSum>(),
      ShareRowOf<mpc::ReshapeOp, RunReshape>(),
      ShareRowOf<mpc::TransposeOp, RunTranspose>(),
      ShareRowOf<mpc::SliceOp, RunSlice>(),
      ShareRowOf<mpc::ConcatOp, RunConcat>(),
      ShareRowOf<mpc::ResizeOp, RunResize>(),
      ShareRowOf<mpc::ExtractOp, RunExtract>(),
      ShareRowOf<mpc::JoinOp, RunJoin>(),
  };
  return kRows;
}

}  // namespace mpcc::reference
