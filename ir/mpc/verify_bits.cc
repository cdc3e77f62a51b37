// SPDX-License-Identifier: Apache-2.0
// Verifiers of the operations that read bits of an opened value. Tags as in verify.cc.
#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::mpc {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;

LogicalResult HighBitsOp::verify() {
  const ShareType input = Share(getInput());
  const int64_t shift = getShift(), width = input.getWidth();
  if (shift < 0 || shift >= width)  // high_bits_c1
    return emitOpError() << "reads the bits from " << shift << " on of " << width
                         << ", expected 0 to " << width - 1;
  if (failed(ExpectShape(*this, "result", Share(getResult()).getShape(),
                         input.getShape())))  // high_bits_c2
    return failure();
  return ExpectStreams(*this, getStreams(), 1);
}

LogicalResult ReadBitsOp::verify() {
  const DigitReads reads{getDigits(), getReads(), getTables()};
  const std::string problem = reads.Problem(static_cast<int>(Share(getInput()).getWidth()));
  if (!problem.empty()) return emitOpError(problem);           // read_bits_c1 to c5
  if (failed(ExpectInferredResults(*this))) return failure();  // read_bits_c6
  return ExpectStreams(*this, getStreams(), getDigits().size());
}

LogicalResult FromBitsOp::verify() {
  const ShareType bits = Share(getBits()), result = Share(getResult());
  const int width = static_cast<int>(result.getWidth());
  if (failed(ExpectWidth(*this, "bits", bits.getWidth(), 1))) return failure();  // from_bits_c1
  if (failed(ExpectShape(*this, "result", result.getShape(),
                         bits.getShape().drop_front())))  // from_bits_c2
    return failure();
  if (getConstant()) {
    const ShareType constant = Share(getConstant());
    const int64_t columns = result.getShape().back(), elements = constant.numElements();
    if (constant.rank() != 1 || (elements != 1 && elements != columns))  // from_bits_c3
      return emitOpError() << "constant has shape " << ShapeText(constant.getShape())
                           << ", expected 1 or one for each of the " << columns << " columns";
    if (failed(ExpectWidth(*this, "constant", constant.getWidth(), width)))  // from_bits_c4
      return failure();
  }
  const BitPolynomial polynomial{getTerms(), getCoefficients()};
  const bool constant = getConstant() != nullptr;
  const std::string problem = polynomial.Problem(bits.getShape().front(), width, constant);
  if (!problem.empty()) return emitOpError(problem);  // from_bits_c5 to c9
  return ExpectStreams(*this, getStreams(), polynomial.Products(width, constant).size());
}

}  // namespace mpcc::mpc
