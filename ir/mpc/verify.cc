// SPDX-License-Identifier: Apache-2.0
// Verifiers of the sources, sinks and conversions. A tag such as `lift_c2` names the constraint and
// the function of test/ir/mpc/invalid_*.mlir that breaks it.
#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"

namespace mpcc::mpc {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

namespace {

constexpr int64_t kMaxFractionBits = 62;

mlir::RankedTensorType Local(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

LogicalResult ExpectFractionBits(mlir::Operation* op, int64_t bits) {
  if (bits >= 0 && bits <= kMaxFractionBits) return success();
  return op->emitOpError() << "fraction_bits is " << bits << ", expected 0 to " << kMaxFractionBits;
}

// Same shape; the width may differ.
LogicalResult SameShape(mlir::Operation* op, mlir::Value input, mlir::Value result) {
  return ExpectShape(op, "result", Share(result).getShape(), Share(input).getShape());
}

LogicalResult OneResultPerInput(mlir::Operation* op) {
  if (op->getNumOperands() == op->getNumResults() && op->getNumResults() > 0) return success();
  return op->emitOpError() << "has " << op->getNumOperands() << " inputs and "
                           << op->getNumResults()
                           << " results, expected one result per input and at least one";
}

}  // namespace

LogicalResult ConstantOp::verify() {
  auto type = llvm::dyn_cast<mlir::ShapedType>(getValue().getType());
  if (!type || !type.getElementType().isInteger())  // constant_c1
    return emitOpError() << "value has type " << getValue().getType() << ", expected integers";
  return ExpectShape(*this, "value", type.getShape(), Share(getResult()).getShape());  // c2
}

LogicalResult EncodeOp::verify() {
  if (!Local(getInput()).getElementType().isF32())  // encode_c1
    return emitOpError() << "input has elements of type " << Local(getInput()).getElementType()
                         << ", expected f32";
  if (failed(ExpectFractionBits(*this, getFractionBits()))) return failure();         // encode_c2
  return ExpectIntegers(*this, "result", getResult(), Local(getInput()).getShape());  // c3
}

LogicalResult InputOp::verify() {
  if (failed(OneResultPerInput(*this))) return failure();  // input_c1
  for (auto [input, result] : llvm::zip(getInputs(), getResults()))
    if (failed(ExpectIntegers(*this, "input", input, Share(result).getShape())))  // input_c2
      return failure();
  return ExpectStreams(*this, getStreams(), getInputs().size());
}

LogicalResult InputLocalOp::verify() {
  return ExpectIntegers(*this, "input", getInput(), Share(getResult()).getShape());
}

LogicalResult RevealOp::verify() {
  if (!Local(getResult()).getElementType().isF32())  // reveal_c1
    return emitOpError() << "result has elements of type " << Local(getResult()).getElementType()
                         << ", expected f32";
  if (failed(ExpectFractionBits(*this, getFractionBits()))) return failure();  // reveal_c2
  return ExpectShape(*this, "result", Local(getResult()).getShape(),
                     Share(getInput()).getShape());  // reveal_c3
}

LogicalResult ReshareOp::verify() {
  if (failed(OneResultPerInput(*this))) return failure();         // reshare_c1
  if (failed(ExpectInferredResults(*this))) return failure();     // reshare_c2
  return ExpectStreams(*this, getStreams(), getInputs().size());  // reshare_c3
}

LogicalResult OpenFreeOp::verify() { return ExpectInferredResults(*this); }

LogicalResult ExtractOp::verify() {
  if (Share(getResult()).getWidth() > Share(getInput()).getWidth())  // extract_c1
    return emitOpError() << "takes the top " << Share(getResult()).getWidth() << " bits of "
                         << Share(getInput()).getWidth() << ", expected at most that many";
  return SameShape(*this, getInput(), getResult());  // extract_c2
}

LogicalResult LiftOp::verify() {
  unsigned from = Share(getInput()).getWidth(), to = Share(getResult()).getWidth();
  if (to <= from)  // lift_c1
    return emitOpError() << "goes from " << from << " to " << to << " bits, expected a wider ring";
  unsigned least = getIsUnsigned() ? 2 : 3;
  if (from < least)  // lift_c2
    return emitOpError() << "input has " << from << " bits, expected at least " << least
                         << " so that a value and its spare bit fit";
  return SameShape(*this, getInput(), getResult());  // lift_c3
}

LogicalResult WrapOp::verify() {
  if (Share(getInput()).getWidth() < 2)  // wrap_c1
    return emitOpError(
        "input has 1 bit, expected at least 2 so that a value and its spare bit fit");
  if (failed(SameShape(*this, getInput(), getResult()))) return failure();  // wrap_c2
  return ExpectStreams(*this, getStreams(), 2);                             // wrap_c3
}

LogicalResult JoinOp::verify() {
  ShareType low = Share(getLow()), wraps = Share(getWraps());
  if (failed(ExpectKind(*this, "wraps", wraps.getKind(), low.getKind())) ||   // join_c1
      failed(ExpectShape(*this, "wraps", wraps.getShape(), low.getShape())))  // join_c2
    return failure();
  return ExpectInferredResults(*this);  // join_c3
}

}  // namespace mpcc::mpc
