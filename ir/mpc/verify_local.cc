// SPDX-License-Identifier: Apache-2.0
// Verifiers of the local, linear and structural operations. Tags as in verify.cc.
#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"
#include "llvm/ADT/STLExtras.h"

namespace mpcc::mpc {

using llvm::ArrayRef;
using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

namespace {

LogicalResult SameKindAndWidth(mlir::Operation* op, mlir::Value input, mlir::Value result) {
  if (failed(ExpectKind(op, "result", Share(result).getKind(), Share(input).getKind())))
    return failure();
  return ExpectWidth(op, "result", Share(result).getWidth(), Share(input).getWidth());
}

// Masks stay among masks.
template <typename Op>
LogicalResult VerifySum(Op op) {
  ShareType lhs = Share(op.getLhs()), rhs = Share(op.getRhs());
  if (failed(ExpectWidth(op, "rhs", rhs.getWidth(), lhs.getWidth())) ||    // add_c1
      failed(ExpectBroadcast(op, "rhs", rhs.getShape(), lhs.getShape())))  // add_c2
    return failure();
  if (lhs.isMask() != rhs.isMask())  // add_c4
    return op.emitOpError() << "rhs is of kind " << ShareKindName(rhs.getKind())
                            << " beside lhs of kind " << ShareKindName(lhs.getKind())
                            << ", expected masks on both sides or on none";
  return ExpectInferredResults(op);  // add_c3, add_c5
}

bool IsPermutation(ArrayRef<int64_t> perm, int64_t rank) {
  llvm::SmallVector<int64_t> sorted(perm);
  llvm::sort(sorted);
  return llvm::equal(sorted, llvm::seq<int64_t>(rank));
}

// All extents of `part` but the one along `axis` are those of `whole`.
bool MatchesBesideAxis(ArrayRef<int64_t> part, ArrayRef<int64_t> whole, int64_t axis) {
  return part.size() == whole.size() && part.take_front(axis) == whole.take_front(axis) &&
         part.drop_front(axis + 1) == whole.drop_front(axis + 1);
}

}  // namespace

LogicalResult AddOp::verify() { return VerifySum(*this); }
LogicalResult SubOp::verify() { return VerifySum(*this); }

// The trait checks the types; any i64 is an integer modulo 2^l.
LogicalResult AddPublicOp::verify() { return success(); }
LogicalResult MulPublicOp::verify() { return success(); }

LogicalResult RowSumOp::verify() { return ExpectInferredResults(*this); }
LogicalResult RowMaxOp::verify() { return ExpectInferredResults(*this); }

LogicalResult ReshapeOp::verify() {
  int64_t from = Share(getInput()).numElements(), to = Share(getResult()).numElements();
  if (from != to)  // reshape_c1
    return emitOpError() << "result has " << to << " elements, expected " << from;
  return SameKindAndWidth(*this, getInput(), getResult());  // reshape_c2
}

LogicalResult TransposeOp::verify() {
  ShareType input = Share(getInput());
  if (!IsPermutation(getPerm(), input.rank()))  // transpose_c1
    return emitOpError() << "perm is [" << getPerm() << "], expected a permutation of 0 to "
                         << input.rank() - 1;
  return ExpectInferredResults(*this);  // transpose_c2
}

LogicalResult SliceOp::verify() {
  ArrayRef<int64_t> from = Share(getInput()).getShape(), to = Share(getResult()).getShape();
  if (to.size() != from.size() || getOffsets().size() != from.size())  // slice_c1
    return emitOpError() << "has " << getOffsets().size() << " offsets and a result of rank "
                         << to.size() << ", expected " << from.size() << " of both";
  for (auto [axis, offset] : llvm::enumerate(getOffsets()))
    if (offset < 0 || offset > from[axis] - to[axis])  // slice_c2
      return emitOpError() << "axis " << axis << ": offset " << offset << " and extent " << to[axis]
                           << " leave the input's extent " << from[axis];
  return SameKindAndWidth(*this, getInput(), getResult());
}

LogicalResult ConcatOp::verify() {
  ShareType result = Share(getResult());
  int64_t axis = getAxis(), extent = 0;
  if (axis < 0 || axis >= result.rank())  // concat_c1
    return emitOpError() << "axis is " << axis << ", expected 0 to " << result.rank() - 1;
  for (mlir::Value input : getInputs()) {
    ArrayRef<int64_t> shape = Share(input).getShape();
    if (!MatchesBesideAxis(shape, result.getShape(), axis))  // concat_c2
      return emitOpError() << "an input has shape " << ShapeText(shape) << ", expected that of "
                           << ShapeText(result.getShape()) << " but for axis " << axis;
    if (failed(SameKindAndWidth(*this, input, getResult()))) return failure();
    extent += shape[axis];
  }
  if (extent == result.getShape()[axis]) return success();
  return emitOpError() << "inputs have " << extent << " along axis " << axis << ", expected "
                       << result.getShape()[axis];  // concat_c3
}

LogicalResult ResizeOp::verify() {
  ShareType input = Share(getInput()), result = Share(getResult());
  if (result.getWidth() > input.getWidth())  // resize_c1
    return emitOpError() << "goes from " << input.getWidth() << " to " << result.getWidth()
                         << " bits, expected no more bits; mpc.lift widens";
  if (failed(ExpectKind(*this, "result", result.getKind(), input.getKind()))) return failure();
  return ExpectShape(*this, "result", result.getShape(), input.getShape());
}

}  // namespace mpcc::mpc
