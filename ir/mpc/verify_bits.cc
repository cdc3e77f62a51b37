// SPDX-License-Identifier: Apache-2.0
// Verifiers of the operations that read bits of an opened value. Tags as in verify.cc.
#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::mpc {

using mlir::failed;
using mlir::failure;
using mlir::LogicalResult;

namespace {

constexpr unsigned kMostPublicBits = 12;  // one-hot vectors have 2^k bits an element

constexpr unsigned kMostPrivateBits = 20;  // of tables in plans

constexpr int64_t kMostLeadingValue = int64_t{1} << 24;  // a level is one polynomial of its bits

// One number, or one for each column, in the ring of the result.
LogicalResult ExpectFactor(mlir::Operation* op, llvm::StringRef what, ShareType factor,
                           ShareType result) {
  const int64_t columns = result.getShape().back(), elements = factor.numElements();
  if (factor.rank() != 1 || (elements != 1 && elements != columns))
    return op->emitOpError() << what << " has shape " << ShapeText(factor.getShape())
                             << ", expected 1 or one for each of the " << columns << " columns";
  return ExpectWidth(op, what, factor.getWidth(), result.getWidth());
}

}  // namespace

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

// Digits above others say which borrow they took.
bool HighBitsOp::tellsOfMask() {
  return getShift() > 0 || Share(getResult()).getWidth() > Share(getInput()).getWidth();
}

LogicalResult ReadBitsOp::verify() {
  const DigitReads reads{getDigits(), getReads(), getTables()};
  const std::string problem = reads.Problem(static_cast<int>(Share(getInput()).getWidth()));
  if (!problem.empty()) return emitOpError(problem);           // read_bits_c1 to c5
  if (failed(ExpectInferredResults(*this))) return failure();  // read_bits_c6
  return ExpectStreams(*this, getStreams(), getDigits().size());
}

std::vector<PackedVector> ReadBitsOp::getDealtVectors(const Dealing& dealing) {
  return OneHotVectors(dealing.operands[0].numElements(), dealing.Ints("digits"));
}

// The difference of the last digits alone is a function of the value, modulo their range.
bool ReadBitsOp::tellsOfMask() {
  const DigitReads reads{getDigits(), getReads(), getTables()};
  const int64_t last = static_cast<int64_t>(reads.digits.size()) - 1,
                range = int64_t{1} << reads.digits.back();
  for (auto [digit, table] : llvm::zip(reads.reads, reads.Tables())) {
    if (digit != last) return true;
    const auto at = [&table = table](int64_t bit) { return table[bit / 64] >> bit % 64 & 1; };
    for (int64_t bit = 1; bit < range; ++bit)
      if (at(bit) != at(bit + range)) return true;
  }
  return false;
}

std::vector<PackedVector> FromBitsOp::getDealtVectors(const Dealing& dealing) {
  const BitPolynomial polynomial{dealing.Ints("terms"), dealing.Ints("coefficients")};
  return polynomial.Vectors(dealing.result.numElements(),
                            static_cast<int>(dealing.result.getWidth()),
                            dealing.operands.size() > 1 ? dealing.operands[1].numElements() : 0);
}

LogicalResult FromBitsOp::verify() {
  const ShareType bits = Share(getBits()), result = Share(getResult());
  const int width = static_cast<int>(result.getWidth());
  if (failed(ExpectWidth(*this, "bits", bits.getWidth(), 1))) return failure();  // from_bits_c1
  if (failed(ExpectShape(*this, "result", result.getShape(),
                         bits.getShape().drop_front())))  // from_bits_c2
    return failure();
  if (getConstant() &&
      failed(ExpectFactor(*this, "constant", Share(getConstant()), result)))  // from_bits_c3, c4
    return failure();
  const BitPolynomial polynomial{getTerms(), getCoefficients()};
  const bool constant = getConstant() != nullptr;
  const std::string problem = polynomial.Problem(bits.getShape().front(), width, constant);
  if (!problem.empty()) return emitOpError(problem);  // from_bits_c5 to c9
  return ExpectStreams(*this, getStreams(), polynomial.Products(width, constant).size());
}

LogicalResult TruncateOp::verify() {
  const ShareType input = Share(getInput()), result = Share(getResult());
  const unsigned from = input.getWidth(), to = result.getWidth();
  if (to > from || (to < 2 && to != from))  // truncate_c1
    return emitOpError() << "takes " << to << " of " << from << " bits, expected 2 to " << from;
  return ExpectShape(*this, "result", result.getShape(), input.getShape());  // truncate_c2
}

LogicalResult PublicLutOp::verify() {
  const ShareType input = Share(getInput()), result = Share(getResult());
  const size_t count = getValues().size();
  if (!llvm::isPowerOf2_64(count) || llvm::Log2_64(count) > input.getWidth() ||
      llvm::Log2_64(count) > kMostPublicBits || count < 2)  // public_lut_c1
    return emitOpError() << "has " << count << " values, expected 2^k for 1 to "
                         << std::min<unsigned>(input.getWidth(), kMostPublicBits) << " top bits";
  if (llvm::all_equal(getValues()))  // public_lut_constant
    return emitOpError("has one value everywhere, expected a function");
  if (result.getWidth() < 2)  // public_lut_c2
    return emitOpError("has a result of 1 bit, expected more");
  if (failed(ExpectShape(*this, "result", result.getShape(), input.getShape())))  // public_lut_c3
    return failure();
  if (!getFactor()) return mlir::success();
  return ExpectFactor(*this, "factor", Share(getFactor()), result);  // public_lut_c4, c5
}

LogicalResult PrivateLutOp::verify() {
  constexpr size_t kMostTables = 16;  // bits of a quantizer
  const ShareType input = Share(getInput()), result = Share(getResult());
  if (getTables().empty() || getTables().size() > kMostTables)  // private_lut_c1
    return emitOpError() << "has " << getTables().size() << " tables, expected 1 to "
                         << kMostTables;
  for (mlir::Value value : getTables()) {
    const ShareType table = Share(value);
    const llvm::ArrayRef<int64_t> shape = table.getShape();
    if (shape.size() != 2 || table != Share(getTables()[0]) ||
        (shape[0] != 1 && shape[0] != input.getShape().back()))  // private_lut_c2
      return emitOpError() << "has a table of shape " << ShapeText(shape)
                           << ", expected equal ones of one row or one for each of the "
                           << input.getShape().back() << " columns";
    if (failed(ExpectWidth(*this, "table", table.getWidth(), 1)))  // private_lut_c3
      return failure();
    if (!llvm::isPowerOf2_64(shape[1]) || llvm::Log2_64(shape[1]) > input.getWidth() ||
        llvm::Log2_64(shape[1]) > kMostPrivateBits || shape[1] < 2)  // private_lut_c4
      return emitOpError() << "has tables of " << shape[1] << " entries, expected 2^k for 1 to "
                           << std::min<unsigned>(input.getWidth(), kMostPrivateBits) << " top bits";
  }
  if (result.getWidth() < 2)  // private_lut_c5
    return emitOpError("has a result of 1 bit, expected more");
  if (failed(ExpectShape(*this, "result", result.getShape(), input.getShape())))  // private_lut_c6
    return failure();
  if (!getFactor()) return mlir::success();
  return ExpectFactor(*this, "factor", Share(getFactor()), result);  // private_lut_c7, c8
}

namespace {

// Empty when they are steps that end at zero, else what is wrong.
std::string StepsProblem(llvm::ArrayRef<int64_t> starts, llvm::ArrayRef<int64_t> values) {
  if (starts.size() != values.size() || starts.size() < 2)
    return llvm::formatv("has {0} starts and {1} values, expected as many, and two at least",
                         starts.size(), values.size());
  for (size_t i = 1; i < starts.size(); ++i)
    if (starts[i - 1] >= starts[i])
      return llvm::formatv("starts at {0} after {1}, expected increasing numbers", starts[i],
                           starts[i - 1]);
  const int64_t least = *std::min_element(values.begin(), values.end());
  if (least < 0 || values.back() != 0 || llvm::all_of(values, [](int64_t v) { return v == 0; }))
    return llvm::formatv(
        "has values from {0} on and ends with {1}, expected none below 0, one "
        "above and 0 at the end",
        least, values.back());
  return "";
}

}  // namespace

LogicalResult StaircaseOp::verify() {
  const ShareType input = Share(getInput()), result = Share(getResult());
  const std::string problem = StepsProblem(getStarts(), getValues());
  if (!problem.empty()) return emitOpError(problem);  // staircase_c1 to c3
  const int64_t width = input.getWidth(), digit = getDigit(), top = width - digit;
  if (digit < 1 || top < 1 || digit > kMaxDigitWidth || top > kMaxDigitWidth)  // staircase_c4
    return emitOpError() << "has digits of " << top << " and " << digit << " bits, expected 1 to "
                         << kMaxDigitWidth << " of each";
  const int64_t first = getStarts().front(), last = getStarts().back();
  const int64_t limit = getLimit().value_or(last);
  if (limit <= first || limit > last)  // staircase_c5
    return emitOpError() << "has the limit " << limit << ", expected one above " << first
                         << " and up to " << last;
  const int64_t cells = (last - first) / (int64_t{1} << digit) + 3;
  if (cells > int64_t{1} << top)  // staircase_c6
    return emitOpError() << "is not zero within " << cells << " values of its top digit, of "
                         << (int64_t{1} << top);
  if (result.getWidth() < 2)  // staircase_c7
    return emitOpError("has a result of 1 bit, expected more");
  return ExpectShape(*this, "result", result.getShape(), input.getShape());  // staircase_c8
}

LogicalResult LeadingLutOp::verify() {
  const ShareType input = Share(getInput()), result = Share(getResult());
  const int64_t index = getIndex(), gap = getGap();
  const auto count = static_cast<int64_t>(getValues().size());
  if (index < 2 || index > std::min<int64_t>(input.getWidth(), kMostPublicBits) || gap < 1 ||
      gap > index)  // leading_lut_c1
    return emitOpError() << "reads " << index << " bits, " << gap
                         << " fewer at each level, expected 2 to "
                         << std::min<unsigned>(input.getWidth(), kMostPublicBits)
                         << " and as many at most";
  const int64_t levels = count >> index, most = (input.getWidth() - index) / gap + 1;
  if (levels < 1 || levels << index != count || levels > most)  // leading_lut_c2
    return emitOpError() << "has " << count << " values, expected " << (int64_t{1} << index)
                         << " for each of 1 to " << most << " levels";
  if (llvm::any_of(getValues(),
                   [](int64_t x) { return std::abs(x) >= kMostLeadingValue; }))  // leading_lut_c3
    return emitOpError() << "has values of more than " << llvm::Log2_64(kMostLeadingValue)
                         << " bits";
  for (int64_t t = 0; t < levels; ++t) {  // leading_lut_c4
    const auto level = getValues().slice(t << index, int64_t{1} << index);
    const bool last = t + 1 == levels;
    const auto read = last ? level : level.drop_front(int64_t{1} << (index - gap));
    if (llvm::all_of(read, [&](int64_t x) { return x == (last ? level[0] : 0); }))
      return emitOpError() << "has one value everywhere at level " << t << ", expected a function";
  }
  if (result.getWidth() < 2)  // leading_lut_c5
    return emitOpError("has a result of 1 bit, expected more");
  return ExpectShape(*this, "result", result.getShape(), input.getShape());  // leading_lut_c6
}

LogicalResult SaturateOp::verify() {
  const ShareType input = Share(getInput()), result = Share(getResult());
  const int64_t bits = getBits(), width = input.getWidth();
  if (bits < 2 || bits > width)  // saturate_c1
    return emitOpError() << "reads " << bits << " of " << width << " bits, expected 2 to " << width;
  const int64_t half = int64_t{1} << (bits - 1);
  const auto least = static_cast<int64_t>(getLeast()), most = static_cast<int64_t>(getMost());
  if (least < -half || least >= most || most >= half)  // saturate_c2
    return emitOpError() << "has bounds " << least << " and " << most
                         << ", expected increasing ones from " << -half << " to " << half - 1;
  if (result.getWidth() < 2)  // saturate_c3
    return emitOpError("has a result of 1 bit, expected more");
  if (failed(ExpectShape(*this, "result", result.getShape(), input.getShape())))  // saturate_c4
    return failure();
  if (!getFactor()) return mlir::success();
  return ExpectFactor(*this, "factor", Share(getFactor()), result);  // saturate_c5, c6
}

}  // namespace mpcc::mpc
