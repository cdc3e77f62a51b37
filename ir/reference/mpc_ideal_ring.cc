// SPDX-License-Identifier: Apache-2.0
// Ops that commute with reduction: on values they are sums, products and moves.
#include "ir/reference/mpc_encoding.h"
#include "ir/reference/mpc_ideal.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

// Results equal to the operands, one by one: conversions, reshapes, reductions.
template <typename Op>
absl::Status RunSame(IdealFrame& f, Op op) {
  for (auto [operand, result] : llvm::zip(op->getOperands(), op->getResults()))
    f.Set(result, f.Get(operand).values);
  return absl::OkStatus();
}

absl::Status RunEncode(IdealFrame& f, mpc::EncodeOp op) {
  MPCC_ASSIGN_OR_RETURN(LocalTensor encoded, Encode(op, f.scope().Local(op.getInput())));
  f.scope().Set(op.getResult(), std::move(encoded));
  return absl::OkStatus();
}

template <typename Op>
absl::Status RunSource(IdealFrame& f, Op op) {
  for (auto [operand, result] : llvm::zip(op->getOperands(), op->getResults())) {
    const std::vector<int64_t>& x = f.scope().Local(operand).ints();
    f.Set(result, Exact(x.begin(), x.end()));
  }
  return absl::OkStatus();
}

template <typename Op, typename Fn>
absl::Status Broadcasting(IdealFrame& f, Op op, Fn fn) {
  const IdealTensor& lhs = f.Get(op.getLhs());
  const IdealTensor& rhs = f.Get(op.getRhs());
  f.Set(op.getResult(), fn(lhs.values, Pick(rhs.values, BroadcastOffsets(rhs.shape, lhs.shape))));
  return absl::OkStatus();
}

absl::Status RunAdd(IdealFrame& f, mpc::AddOp op) { return Broadcasting(f, op, Add<Int128>); }
absl::Status RunSub(IdealFrame& f, mpc::SubOp op) { return Broadcasting(f, op, Sub<Int128>); }

absl::Status RunAddPublic(IdealFrame& f, mpc::AddPublicOp op) {
  const Int128 value = static_cast<int64_t>(op.getValue());
  f.Set(op.getResult(), Map(f.Get(op.getInput()).values, [&](Int128 x) { return x + value; }));
  return absl::OkStatus();
}

absl::Status RunMulPublic(IdealFrame& f, mpc::MulPublicOp op) {
  const Int128 value = static_cast<int64_t>(op.getValue());
  f.Set(op.getResult(), Map(f.Get(op.getInput()).values, [&](Int128 x) { return x * value; }));
  return absl::OkStatus();
}

absl::Status RunRowSum(IdealFrame& f, mpc::RowSumOp op) {
  const IdealTensor& x = f.Get(op.getInput());
  f.Set(op.getResult(), RowSum(x.values, x.shape.back()));
  return absl::OkStatus();
}

absl::Status RunTranspose(IdealFrame& f, mpc::TransposeOp op) {
  const IdealTensor& x = f.Get(op.getInput());
  f.Set(op.getResult(), Pick(x.values, TransposeOffsets(x.shape, op.getPerm())));
  return absl::OkStatus();
}

absl::Status RunSlice(IdealFrame& f, mpc::SliceOp op) {
  const IdealTensor& x = f.Get(op.getInput());
  f.Set(op.getResult(),
        Pick(x.values, SliceOffsets(x.shape, op.getOffsets(), ShapeOf(op.getResult()))));
  return absl::OkStatus();
}

absl::Status RunConcat(IdealFrame& f, mpc::ConcatOp op) {
  std::vector<size_t> runs;
  std::vector<const Exact*> inputs;
  for (mlir::Value input : op.getInputs()) {
    runs.push_back(ElementCount(ShapeOf(input).drop_front(op.getAxis())));
    inputs.push_back(&f.Get(input).values);
  }
  f.Set(op.getResult(), Concat<Int128>(inputs, runs));
  return absl::OkStatus();
}

absl::Status RunLinear(IdealFrame& f, mpc::LinearOp op) {
  MPCC_ASSIGN_OR_RETURN(const Exact weight, f.SignedPrivate(op.getWeightMutable()));
  MPCC_ASSIGN_OR_RETURN(const Exact bias, f.SignedPrivate(op.getBiasMutable()));
  const IdealTensor& x = f.Get(op.getInput());
  ShapeRef w = ShapeOf(op.getWeight());
  const size_t k = w[0], n = w[1];
  Exact out = MatMul(x.values, weight, {1, x.values.size() / k, k, n, false});
  for (size_t i = 0; i < out.size(); ++i) out[i] += bias[i % n];
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

absl::Status RunMatMul(IdealFrame& f, mpc::MatMulOp op) {
  const MatMulShape shape =
      MatMulShapeOf(ShapeOf(op.getLhs()), ShapeOf(op.getRhs()), op.getTransposeB());
  f.Set(op.getResult(), MatMul(f.Get(op.getLhs()).values, f.Get(op.getRhs()).values, shape));
  return absl::OkStatus();
}

absl::Status RunDot(IdealFrame& f, mpc::DotOp op) {
  const IdealTensor& a = f.Get(op.getLhs());
  f.Set(op.getResult(), RowSum(Mul(a.values, f.Get(op.getRhs()).values), a.shape.back()));
  return absl::OkStatus();
}

absl::Status RunProduct(IdealFrame& f, mpc::ProductOp op) {
  ShapeRef shape = ShapeOf(op.getResult());
  Exact out(ElementCount(shape), 1);
  if (op.getConstant()) {
    MPCC_ASSIGN_OR_RETURN(const Exact c, f.SignedPrivate(*op.getConstantMutable().begin()));
    out = Pick(c, BroadcastOffsets(ShapeOf(op.getConstant()), shape));
  }
  for (mlir::Value factor : op.getFactors())
    out = Mul(out, Pick(f.Get(factor).values, BroadcastOffsets(ShapeOf(factor), shape)));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

}  // namespace

std::span<const IdealRow> IdealRingOps() {
  static constexpr IdealRow kRows[] = {
      IdealRowOf<mpc::EncodeOp, RunEncode>(),
      IdealRowOf<mpc::InputOp, RunSource<mpc::InputOp>>(),
      IdealRowOf<mpc::InputLocalOp, RunSource<mpc::InputLocalOp>>(),
      IdealRowOf<mpc::ReshareOp, RunSame<mpc::ReshareOp>>(),
      IdealRowOf<mpc::OpenFreeOp, RunSame<mpc::OpenFreeOp>>(),
      IdealRowOf<mpc::ReshapeOp, RunSame<mpc::ReshapeOp>>(),
      IdealRowOf<mpc::ResizeOp, RunSame<mpc::ResizeOp>>(),
      IdealRowOf<mpc::AddOp, RunAdd>(),
      IdealRowOf<mpc::SubOp, RunSub>(),
      IdealRowOf<mpc::AddPublicOp, RunAddPublic>(),
      IdealRowOf<mpc::MulPublicOp, RunMulPublic>(),
      IdealRowOf<mpc::RowSumOp, RunRowSum>(),
      IdealRowOf<mpc::TransposeOp, RunTranspose>(),
      IdealRowOf<mpc::SliceOp, RunSlice>(),
      IdealRowOf<mpc::ConcatOp, RunConcat>(),
      IdealRowOf<mpc::LinearOp, RunLinear>(),
      IdealRowOf<mpc::MatMulOp, RunMatMul>(),
      IdealRowOf<mpc::DotOp, RunDot>(),
      IdealRowOf<mpc::ProductOp, RunProduct>(),
  };
  return kRows;
}

}  // namespace mpcc::reference
