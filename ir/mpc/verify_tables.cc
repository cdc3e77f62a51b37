// SPDX-License-Identifier: Apache-2.0
// Verifiers of the products and tables, which consume dealt vectors. Tags as in verify.cc.
#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"
#include "llvm/Support/MathExtras.h"

namespace mpcc::mpc {

using llvm::ArrayRef;
using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;

namespace {

constexpr size_t kMaxFactors = 6;

LogicalResult ExpectRank(mlir::Operation* op, llvm::StringRef what, ShareType type, int64_t rank) {
  if (type.rank() == rank) return mlir::success();
  return op->emitOpError() << what << " has rank " << type.rank() << ", expected " << rank;
}

LogicalResult ExpectEntries(mlir::Operation* op, mlir::Value table, uint64_t count) {
  if (failed(ExpectRank(op, "table", Share(table), 1))) return failure();
  if (static_cast<uint64_t>(Share(table).numElements()) == count) return mlir::success();
  return op->emitOpError() << "table has " << Share(table).numElements() << " entries, expected "
                           << count;
}

}  // namespace

LogicalResult LinearOp::verify() {
  ShareType input = Share(getInput()), weight = Share(getWeight()), bias = Share(getBias());
  if (failed(ExpectRank(*this, "weight", weight, 2))) return failure();  // linear_c1
  int64_t k = weight.getShape()[0], n = weight.getShape()[1];
  if (input.getShape().back() != k)  // linear_c2
    return emitOpError() << "input has " << input.getShape().back()
                         << " columns, expected the weight's " << k << " rows";
  if (failed(ExpectShape(*this, "bias", bias.getShape(), {n})) ||                   // linear_c3
      failed(ExpectWidth(*this, "weight", weight.getWidth(), input.getWidth())) ||  // linear_c4
      failed(ExpectWidth(*this, "bias", bias.getWidth(), input.getWidth())) ||
      failed(ExpectInferredResults(*this)))
    return failure();
  return ExpectStreams(*this, getStreams(), 1);
}

LogicalResult MatMulOp::verify() {
  ShareType lhs = Share(getLhs()), rhs = Share(getRhs());
  if (failed(ExpectRank(*this, "lhs", lhs, 3)) || failed(ExpectRank(*this, "rhs", rhs, 3)))
    return failure();  // matmul_c1
  ArrayRef<int64_t> a = lhs.getShape(), b = rhs.getShape();
  int64_t k = b[getTransposeB() ? 2 : 1];
  if (a[0] != b[0] || a[2] != k)  // matmul_c2
    return emitOpError() << "lhs has " << a[0] << " matrices with " << a[2] << " columns, rhs "
                         << b[0] << " with " << k << " rows, expected equal numbers";
  if (failed(ExpectWidth(*this, "rhs", rhs.getWidth(), lhs.getWidth())) ||  // matmul_c3
      failed(ExpectInferredResults(*this)))
    return failure();
  return ExpectStreams(*this, getStreams(), 1);
}

LogicalResult DotOp::verify() {
  ShareType lhs = Share(getLhs()), rhs = Share(getRhs());
  if (failed(ExpectShape(*this, "rhs", rhs.getShape(), lhs.getShape())) ||  // dot_c1
      failed(ExpectWidth(*this, "rhs", rhs.getWidth(), lhs.getWidth())) ||  // dot_c3
      failed(ExpectInferredResults(*this)))                                 // dot_c2
    return failure();
  return ExpectStreams(*this, getStreams(), 1);
}

LogicalResult ProductOp::verify() {
  ShareType result = Share(getResult());
  size_t factors = getFactors().size();
  if (factors > kMaxFactors)  // product_c1
    return emitOpError() << "has " << factors << " shared factors, expected at most "
                         << kMaxFactors;
  if (getOperands().empty())  // product_c4
    return emitOpError("has neither factors nor a constant, expected one of them");
  for (mlir::Value operand : getOperands()) {
    llvm::StringRef what = operand == getConstant() ? "constant" : "factor";
    if (failed(ExpectBroadcast(*this, what, Share(operand).getShape(), result.getShape())) ||  // c2
        failed(ExpectWidth(*this, what, Share(operand).getWidth(), result.getWidth())))        // c3
      return failure();
  }
  return ExpectStreams(*this, getStreams(), (size_t{1} << factors) - (getConstant() ? 0 : 1));
}

namespace {

// Tables of bits [shift, shift + k) of an index: one, or one a column.
template <typename Op>
LogicalResult ExpectWindow(Op op) {
  ShareType index = Share(op.getIndex()), table = Share(op.getTable());
  if (failed(ExpectRank(op, "table", table, 2))) return failure();  // lut_c1
  int64_t rows = table.getShape()[0], entries = table.getShape()[1];
  if (rows != 1 && rows != index.getShape().back())  // lut_c2
    return op.emitOpError() << "table has " << rows << " rows, expected 1 or one for each of the "
                            << index.getShape().back() << " columns";
  if (!llvm::isPowerOf2_64(entries))  // lut_c3
    return op.emitOpError() << "table has " << entries << " entries a row, expected a power of two";
  int64_t bits = llvm::Log2_64(entries);
  int64_t shift = op.getShift();
  if (shift < 0 || shift > index.getWidth() - bits)  // lut_c4
    return op.emitOpError() << "reads " << bits << " bits at " << shift
                            << " of the index, expected a window of its " << index.getWidth()
                            << " bits";
  if (failed(ExpectInferredResults(op))) return failure();
  return ExpectStreams(op, op.getStreams(), 1);
}

}  // namespace

LogicalResult LutOp::verify() { return ExpectWindow(*this); }

LogicalResult LutPairOp::verify() { return ExpectWindow(*this); }

std::vector<PackedVector> LutPairOp::getDealtVectors(const Dealing& dealing) {
  return DealtVectors(Operation::kLutPair, dealing.operands[0].numElements(),
                      static_cast<int>(dealing.result.getWidth()), dealing.RowBits(1));
}

// Which of both is meant says the borrow of the bits below.
bool LutPairOp::tellsOfMask() { return getShift() > 0; }

LogicalResult Lut2Op::verify() {
  unsigned bits = Share(getA()).getWidth() + Share(getB()).getWidth();
  if (bits > 30) return emitOpError() << "is indexed by " << bits << " bits, expected at most 30";
  if (failed(ExpectBroadcast(*this, "b", Share(getB()).getShape(), Share(getA()).getShape())) ||
      failed(ExpectEntries(*this, getTable(), uint64_t{1} << bits)) ||
      failed(ExpectInferredResults(*this)))
    return failure();
  return ExpectStreams(*this, getStreams(), 1);
}

LogicalResult DealOp::verify() {
  const auto* target = targetName().getInterface<ProtocolOp>();
  if (target && target->getRole() == Role::kDeals) return mlir::success();
  return emitOpError() << "deals for '" << targetName()
                       << "', expected an operation that consumes dealt vectors";  // deal_c1
}

}  // namespace mpcc::mpc
